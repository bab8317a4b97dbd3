/** Keyed, splittable randomness: the same key gives the same words on every backend and in every release. */
export {key, split, foldIn, type Key} from '../keys/key.js';
export {setSeed} from './stream.js';
export {bits, uniform, type UniformOptions} from './uniform.js';
export {
  normal,
  gumbel,
  logistic,
  laplace,
  exponential,
  type LocScaleOptions,
  type ExponentialOptions,
} from './samplers.js';
export {
  gamma,
  logGamma,
  beta,
  dirichlet,
  studentT,
  type GammaOptions,
  type BetaOptions,
  type DirichletOptions,
  type StudentTOptions,
} from './gamma.js';
export {vonMises, truncatedNormal, type VonMisesOptions, type TruncatedNormalOptions} from './bounded.js';
export {bernoulli, categorical, type BernoulliOptions, type LogitsOrProbs} from './discrete.js';
export {
  poisson,
  binomial,
  negativeBinomial,
  geometric,
  type CountOptions,
  type PoissonOptions,
  type BinomialOptions,
  type NegativeBinomialOptions,
  type GeometricOptions,
} from './counts.js';
export {
  withoutReplacement,
  gumbelTopK,
  permutation,
  type WithoutReplacementOptions,
  type PerturbedChoice,
  type PermutationOptions,
} from './choices.js';
export type {RandomOptions, RandomParam} from './drawOptions.js';
