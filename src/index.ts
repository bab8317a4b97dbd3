/** tfjs-stochastic: random nodes in TensorFlow.js, and the gradient estimators that train through them. */
export * as errors from './util/errors.js';
export * as math from './functions/index.js';
export * as random from './random/index.js';
export * from './distributions/index.js';
export {stopGradient} from './math/stopGradient.js';
export {disableFastKernels, enableFastKernels} from './kernels/index.js';
export * from './graph/index.js';
export * from './baselines/index.js';
export * from './estimators/index.js';
export * from './critics/index.js';
export * from './objectives/index.js';
export * from './optimizers/index.js';
export * from './diagnostics/index.js';
