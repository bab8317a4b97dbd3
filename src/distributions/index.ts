/** All families, one line each. */
export {Distribution, type DistributionConfig, type OptionalMethod, type Param, type Relaxation, type SampleOptions} from './distribution.js';
export {crossEntropy, klDivergence, klPairs, registerKl, type MonteCarloOptions} from './kl.js';
export * as constraints from './constraints.js';
export type {Constraint} from './constraints.js';
export {Bernoulli, type BernoulliConfig} from './bernoulli.js';
export {Categorical, type CategoricalConfig} from './categorical.js';
export {Deterministic, type DeterministicConfig} from './deterministic.js';
export {Exponential, type ExponentialConfig} from './exponential.js';
export {Gumbel, type GumbelConfig} from './gumbel.js';
export {independent, Independent, type IndependentConfig} from './independent.js';
export {Laplace, type LaplaceConfig} from './laplace.js';
export {Logistic, type LogisticConfig} from './logistic.js';
export {MultivariateNormalDiag, type MultivariateNormalDiagConfig} from './multivariateNormalDiag.js';
export {MultivariateNormalFullCovariance, type MultivariateNormalFullCovarianceConfig} from './multivariateNormalFullCovariance.js';
export {MultivariateNormalTriL, type MultivariateNormalTriLConfig} from './multivariateNormalTriL.js';
export {Normal, type NormalConfig} from './normal.js';
export {OneHotCategorical, type OneHotCategoricalConfig} from './oneHotCategorical.js';
export {Uniform, type UniformConfig} from './uniform.js';
