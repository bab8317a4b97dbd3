/** Keyed, splittable randomness: the same key gives the same words on every backend and in every release. */
export {key, split, foldIn, type Key} from './key.js';
export {setSeed} from './stream.js';
export {bits, uniform, type UniformOptions} from './uniform.js';
export {normal, gumbel, logistic, laplace, exponential, type LocScaleOptions, type ExponentialOptions} from './samplers.js';
export {bernoulli, categorical, type BernoulliOptions, type LogitsOrProbs} from './discrete.js';
export type {RandomOptions, RandomParam} from './options.js';
