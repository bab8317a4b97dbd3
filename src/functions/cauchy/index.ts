/** The Cauchy distributions. */
export {cauchyCdf, cauchyLogDensity, cauchyQuantile, halfCauchyCdf, halfCauchyQuantile} from './functions.js';
