/** Where formulas hold. */
export {
  below,
  guard,
  guardBetween,
  indicator,
  indicatorBetween,
  SETS,
  settle,
  settleBetween,
  sigmoidOf,
  softmaxOf,
  unlessNaN,
  type GuardSet,
} from './functions.js';
