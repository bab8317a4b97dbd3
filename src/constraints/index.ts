/** What parameters and values may be, as data: the constraints that users see. */
export type {Constraint} from './constraint.js';
export {
  boolean,
  nonNegative,
  nonNegativeInteger,
  nonZero,
  openUnitInterval,
  positive,
  real,
  sign,
  unitInterval,
} from './numberSets.js';
export {integerInterval, interval, openInterval} from './intervals.js';
export {logWeights, oneHot, openSimplex, positiveVector, realVector, simplex} from './vectors.js';
export {lowerTriangularPositive, positiveDefinite} from './matrices.js';
