/** Student’s t. */
export {
  studentTCdf,
  studentTLogCdf,
  studentTLogDensity,
  studentTQuantile,
  studentTSampleDerivative,
  studentTScore,
  studentTSlope,
} from './functions.js';
