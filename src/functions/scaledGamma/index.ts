/** Gamma variables by rate or scale. */
export {scaledGamma, scaledGammaDraw, scaledGammaQuantile, type GammaScale, type GammaQuantity} from './functions.js';
