/** Divergences of families by location and scale. */
export {
  cauchyKl,
  gumbelKl,
  laplaceBend,
  laplaceKl,
  lgammaRatio,
  normalKl,
  ratioExcess,
  uniformKl,
  weibullKl,
  type TwoParameters,
} from './functions.js';
