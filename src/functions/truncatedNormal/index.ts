/** Truncated normal distributions. */
export {
  lowerAgainst,
  slopeByLower,
  slopeByUpper,
  truncatedDraw,
  truncatedLogCdf,
  truncatedLogMean,
  truncatedMoment,
  truncatedQuantile,
  truncatedShift,
  upperAgainst,
} from './functions.js';
