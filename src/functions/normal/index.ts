/** The error function and the normal distribution. */
export * as scalar from './scalar.js';
export {
  normalDensity,
  erf,
  erfc,
  erfcx,
  erfcxDerivative,
  erfinv,
  erfinvSlope,
  expNegSquare,
  hazard,
  hazardExcess,
  logDensity,
  logNdtr,
  ndtr,
  ndtri,
  ndtriSlope,
} from './functions.js';
