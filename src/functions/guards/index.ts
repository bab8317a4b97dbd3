/** Where formulas hold. */
export {
  indicatorBelow,
  guard,
  guardBetween,
  indicator,
  indicatorBetween,
  settle,
  settleBetween,
  sigmoidOf,
  softmaxOf,
  unlessNaN,
} from './functions.js';
export {
  BOOLEAN,
  COUNTS,
  NON_NEGATIVE,
  OPEN_UNIT_INTERVAL,
  POSITIVE,
  REAL,
  SIGN,
  UNIT_INTERVAL,
  type GuardSet,
} from './kernels.js';
