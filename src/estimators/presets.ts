/**
 * Estimators that have the name of their baseline, and are found by it alone: as functions they are
 * `scoreFunction({baseline})`. One line for each.
 */
export {leaveOneOut} from './leaveOneOut.js';
export {movingAverage} from './movingAverage.js';
