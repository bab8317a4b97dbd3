/** The gamma function and its kin. */
export {
  digamma,
  gammaDensity,
  gammaLogDensity,
  gammaScore,
  lbeta,
  lgamma,
  logMinusDigamma,
  poissonLogMass,
  poissonScore,
  polygamma,
  polygammaDifference,
  stirlingError,
  stirlingErrorDerivative,
} from './functions.js';
