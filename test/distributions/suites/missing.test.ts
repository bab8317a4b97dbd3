/** What a family lacks: the type and the run time must say the same. */
import * as dist from '../../../src/distributions/index.js';
import type {Distribution, OptionalMethod} from '../../../src/distributions/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {examples} from '../../../scripts/distributions/examples.js';

type Module = typeof dist;
/** The families that are classes of their own, not made of others, whose methods depend on their parts. */
type Family = Exclude<
  {[K in keyof Module]: Module[K] extends new (...args: never[]) => Distribution ? K : never}[keyof Module],
  'Independent' | 'TransformedDistribution'
>;
/** The methods that the type of a family forbids to call. */
type Forbidden<D> = {
  [M in OptionalMethod]: M extends keyof D ? (D[M] extends (this: never) => never ? M : never) : never;
}[OptionalMethod];

/** One entry for each method that a type forbids: a missing one or one too many does not compile. */
const forbidden: {[F in Family]: Record<Forbidden<InstanceType<Module[F]>>, true>} = {
  Bernoulli: {},
  Beta: {enumerateSupport: true},
  Binomial: {entropy: true},
  Categorical: {mean: true, variance: true, stddev: true},
  Cauchy: {mean: true, variance: true, stddev: true, enumerateSupport: true},
  Chi2: {enumerateSupport: true},
  Deterministic: {},
  Dirichlet: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  Empirical: {enumerateSupport: true},
  Exponential: {enumerateSupport: true},
  Gamma: {enumerateSupport: true},
  Geometric: {enumerateSupport: true},
  Gumbel: {enumerateSupport: true},
  HalfCauchy: {mean: true, variance: true, stddev: true, enumerateSupport: true},
  HalfNormal: {enumerateSupport: true},
  InverseGamma: {enumerateSupport: true},
  Kumaraswamy: {enumerateSupport: true},
  Laplace: {enumerateSupport: true},
  LogNormal: {enumerateSupport: true},
  Logistic: {enumerateSupport: true},
  LogitNormal: {mean: true, variance: true, stddev: true, mode: true, entropy: true, enumerateSupport: true},
  Mixture: {quantile: true, mode: true, entropy: true, enumerateSupport: true},
  MixtureSameFamily: {quantile: true, mode: true, entropy: true, enumerateSupport: true},
  Multinomial: {cdf: true, logCdf: true, survival: true, quantile: true, mode: true, entropy: true},
  MultivariateNormalDiag: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  MultivariateNormalFullCovariance: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  MultivariateNormalTriL: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  NegativeBinomial: {entropy: true, enumerateSupport: true},
  Normal: {enumerateSupport: true},
  OneHotCategorical: {cdf: true, logCdf: true, survival: true, quantile: true},
  Pareto: {enumerateSupport: true},
  Poisson: {entropy: true, enumerateSupport: true},
  Rademacher: {},
  RelaxedBernoulli: {mean: true, variance: true, stddev: true, mode: true, entropy: true, enumerateSupport: true},
  RelaxedOneHotCategorical: {
    cdf: true,
    logCdf: true,
    survival: true,
    quantile: true,
    mean: true,
    variance: true,
    stddev: true,
    mode: true,
    entropy: true,
    enumerateSupport: true,
  },
  StudentT: {enumerateSupport: true},
  TruncatedNormal: {enumerateSupport: true},
  Uniform: {mode: true, enumerateSupport: true},
  VonMises: {enumerateSupport: true},
  Weibull: {enumerateSupport: true},
};

describeBackends(
  'what a family lacks',
  () => {
    for (const [family, methods] of Object.entries(forbidden)) {
      it(`is the same by type and at run time for ${family}`, () => {
        const d = Object.values(examples[family]!.curves)[0]!;
        const optional: OptionalMethod[] = [
          'cdf',
          'logCdf',
          'survival',
          'quantile',
          'mean',
          'variance',
          'stddev',
          'mode',
          'entropy',
          'enumerateSupport',
        ];
        expect(Object.keys(methods).sort()).toEqual(optional.filter(m => !d.has(m)).sort());
      });
    }
  },
  {only: ['cpu']},
);
