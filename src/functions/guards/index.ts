/** Where formulas hold. */
export {
  indicatorBelow,
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
