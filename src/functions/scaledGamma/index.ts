/** Gamma variables by rate or scale. */
export {scaledGamma, scaledGammaDraw, scaledGammaQuantile, type By, type Of} from './functions.js';
