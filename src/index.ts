/** tfjs-stochastic: random nodes in TensorFlow.js, and the gradient estimators that train through them. */
import './names.js';
import './kernels/complete.js';

export * from './core.js';
