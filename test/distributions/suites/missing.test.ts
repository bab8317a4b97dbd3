/** What a family lacks: the type and the run time must say the same. */
import * as dist from '../../../src/distributions/index.js';
import type {OptionalMethod} from '../../../src/distributions/index.js';
import {describeBackends} from '../../helpers/backends.js';
import {examples, type FamilyName} from '../../../scripts/distributions/examples.js';

type Module = typeof dist;
/** The families that are classes of their own, not made of others, whose methods depend on their parts. */
type Family = Exclude<FamilyName, 'Independent' | 'TransformedDistribution'>;
/** The methods that the type of a family forbids to call. */
type Forbidden<D> = {
  [M in OptionalMethod]: M extends keyof D ? (D[M] extends (this: never) => never ? M : never) : never;
}[OptionalMethod];

/** What most families lack, and they alone have no entry below. */
type Usual = 'enumerateSupport';
type Unusual = {
  [F in Family]: [Forbidden<InstanceType<Module[F]>>, Usual] extends [Usual, Forbidden<InstanceType<Module[F]>>]
    ? never
    : F;
}[Family];

/** The methods M, and no other. */
type Exactly<M extends OptionalMethod> = Record<M, true> & {[Other in Exclude<OptionalMethod, M>]?: never};

/** One entry for each method that a type forbids: a missing one or one too many does not compile. */
const forbidden: {[F in Unusual]: Exactly<Forbidden<InstanceType<Module[F]>>>} = {
  Bernoulli: {},
  Binomial: {entropy: true},
  Categorical: {mean: true, variance: true, stddev: true},
  Cauchy: {mean: true, variance: true, stddev: true, enumerateSupport: true},
  Deterministic: {},
  Dirichlet: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  HalfCauchy: {mean: true, variance: true, stddev: true, enumerateSupport: true},
  LogitNormal: {mean: true, variance: true, stddev: true, mode: true, entropy: true, enumerateSupport: true},
  Mixture: {quantile: true, mode: true, entropy: true, enumerateSupport: true},
  MixtureSameFamily: {quantile: true, mode: true, entropy: true, enumerateSupport: true},
  Multinomial: {cdf: true, logCdf: true, survival: true, quantile: true, mode: true, entropy: true},
  MultivariateNormalDiag: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  MultivariateNormalFullCovariance: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  MultivariateNormalTriL: {cdf: true, logCdf: true, survival: true, quantile: true, enumerateSupport: true},
  NegativeBinomial: {entropy: true, enumerateSupport: true},
  OneHotCategorical: {cdf: true, logCdf: true, survival: true, quantile: true},
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
  Uniform: {mode: true, enumerateSupport: true},
};

describeBackends(
  'what a family lacks',
  () => {
    const usual: Record<string, Record<string, true>> = Object.fromEntries(
      Object.keys(examples).map(name => [name, {enumerateSupport: true}]),
    );
    for (const [family, methods] of Object.entries({...usual, ...forbidden})) {
      if (family === 'Independent' || family === 'TransformedDistribution') continue;
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
