/** Log-densities of families. */
export {
  expNeg,
  kumaraswamyCdf,
  kumaraswamyLogDensity,
  kumaraswamyLogMoment,
  kumaraswamySurvival,
  laplaceLogDensity,
  lgammaCurve,
  lgammaCurveDifference,
  logisticLogDensity,
  logitStandardised,
  logRatio,
  logStandardised,
  powerRatio,
  weibullLogDensity,
} from './functions.js';
