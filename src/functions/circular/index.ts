/** Von Mises draws, quantiles and divergences. */
export {vonMisesDraw, vonMisesKl, vonMisesQuantile} from './functions.js';
