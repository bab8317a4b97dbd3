/** Logarithms of sums, normalised weights and cdfs. */
export {finiteLog, finiteLogWeights} from './finiteLog.js';
export {logCdfByHazard, logOfTail, type Hazard} from './logCdf.js';
export {logSoftmax} from './logSoftmax.js';
export {logSumExp, logWeighedSum} from './logSumExp.js';
export {softplus} from './softplus.js';
