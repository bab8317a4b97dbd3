/**
 * tfjs-stochastic without names: distributions, random nodes and estimators as functions, of which a bundler keeps what
 * is used. Estimators and baselines have no names here.
 */
export {version} from './util/copy.js';
export * as errors from './surface/errors.js';
export * as estimators from './surface/estimators.js';
export * as extension from './surface/extension.js';
export * as math from './functions/index.js';
export * as random from './random/index.js';
export * from './distributions/index.js';
export * from './attention/index.js';
export {stopGradient} from './math/stopGradient.js';
export {completeKernels, disableFastKernels, enableFastKernels} from './kernels/index.js';
export * from './graph/index.js';
export * from './baselines/index.js';
export * from './estimators/index.js';
export * from './critics/index.js';
export * from './objectives/index.js';
export * from './optimizers/index.js';
export * from './compile/index.js';
export * from './diagnostics/index.js';
