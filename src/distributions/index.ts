/** All families, one line each. */
export {
  Distribution,
  type DistributionConfig,
  type OptionalMethod,
  type Param,
  type PreImage,
  type PreImageReach,
  type Relaxation,
  type SampleAndLogProb,
  type SampleOptions,
} from './distribution.js';
export {crossEntropy, klDivergence, registerKl, type MonteCarloOptions} from './kl.js';
export type {KlRule} from './klRule.js';
export * as constraints from '../constraints/index.js';
export type {Constraint} from '../constraints/index.js';
export {Bernoulli, type BernoulliConfig} from './bernoulli.js';
export {Beta, type BetaConfig} from './beta.js';
export {Binomial, type BinomialConfig} from './binomial.js';
export {Categorical, type CategoricalConfig} from './categorical.js';
export {Cauchy, type CauchyConfig} from './cauchy.js';
export {Chi2, type Chi2Config} from './chi2.js';
export {Deterministic, type DeterministicConfig} from './deterministic.js';
export {Dirichlet, type DirichletConfig} from './dirichlet.js';
export {Empirical, type EmpiricalConfig} from './empirical.js';
export {Exponential, type ExponentialConfig} from './exponential.js';
export {Gamma, type GammaConfig} from './gamma.js';
export {Geometric, type GeometricConfig} from './geometric.js';
export {Gumbel, type GumbelConfig} from './gumbel.js';
export {HalfCauchy, type HalfCauchyConfig} from './halfCauchy.js';
export {HalfNormal, type HalfNormalConfig} from './halfNormal.js';
export {independent, Independent, type IndependentConfig} from './independent.js';
export {InverseGamma, type InverseGammaConfig} from './inverseGamma.js';
export {Kumaraswamy, type KumaraswamyConfig} from './kumaraswamy.js';
export {Laplace, type LaplaceConfig} from './laplace.js';
export {Logistic, type LogisticConfig} from './logistic.js';
export {LogitNormal, type LogitNormalConfig} from './logitNormal.js';
export {LogNormal, type LogNormalConfig} from './logNormal.js';
export {MultivariateNormalDiag, type MultivariateNormalDiagConfig} from './multivariateNormalDiag.js';
export {
  MultivariateNormalFullCovariance,
  type MultivariateNormalFullCovarianceConfig,
} from './multivariateNormalFullCovariance.js';
export {MultivariateNormalTriL, type MultivariateNormalTriLConfig} from './multivariateNormalTriL.js';
export {Multinomial, type MultinomialConfig} from './multinomial.js';
export {NegativeBinomial, type NegativeBinomialConfig} from './negativeBinomial.js';
export {Normal, type NormalConfig} from './normal.js';
export {OneHotCategorical, type OneHotCategoricalConfig} from './oneHotCategorical.js';
export {Pareto, type ParetoConfig} from './pareto.js';
export {Poisson, type PoissonConfig} from './poisson.js';
export {Rademacher, type RademacherConfig} from './rademacher.js';
export {RelaxedBernoulli, type RelaxedBernoulliConfig} from './relaxedBernoulli.js';
export {RelaxedOneHotCategorical, type RelaxedOneHotCategoricalConfig} from './relaxedOneHotCategorical.js';
export {Mixture, type MixtureConfig} from './mixture.js';
export {MixtureSameFamily, type MixtureSameFamilyConfig} from './mixtureSameFamily.js';
export {TransformedDistribution, type TransformedDistributionConfig} from './transformedDistribution.js';
export * as bijectors from './transforms/index.js';
export {TruncatedNormal, type TruncatedNormalConfig} from './truncatedNormal.js';
export {StudentT, type StudentTConfig} from './studentT.js';
export {Uniform, type UniformConfig} from './uniform.js';
export {VonMises, type VonMisesConfig} from './vonMises.js';
export {Weibull, type WeibullConfig} from './weibull.js';
