/** The baselines: each is found by the name that it has here (src/names.ts). One line for each. */
export {constant} from './constant.js';
export {learned, type LearnedConfig} from './learned.js';
export {leaveOneOut} from './leaveOneOut.js';
export {movingAverage} from './movingAverage.js';
export {none} from './none.js';
export {normalized} from './normalized.js';
