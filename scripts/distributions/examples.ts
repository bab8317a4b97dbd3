/** An example of every family for the table and the pictures of docs/distributions.md. */
import type {Distribution} from '../../src/distributions/index.js';
import * as dist from '../../src/distributions/index.js';

export interface Example {
  /** Curves of one picture, by label. */
  readonly curves: Record<string, Distribution>;
  /** Where numbers are drawn: [low, high]; the plane or the triangle of vectors if it is left out. */
  readonly range?: [number, number];
  /** What the parameters are, where they are no tensors. */
  readonly takes?: string;
}

type Module = typeof dist;
/** The names of all families. */
export type FamilyName = {
  [K in keyof Module]: Module[K] extends new (...args: never[]) => Distribution ? K : never;
}[keyof Module];

const {bijectors} = dist;
const normal = (loc: number, scale: number) => new dist.Normal({loc, scale});
const tril = [
  [1, 0],
  [0.8, 0.6],
];

/** By family; one that is missing does not compile. */
export const examples: Readonly<Record<string, Example>> = {
  Bernoulli: {curves: {'probs 0.3': new dist.Bernoulli({probs: 0.3})}, range: [-1, 2]},
  Beta: {
    curves: {
      '2, 5': new dist.Beta({concentration1: 2, concentration0: 5}),
      '0.5, 0.5': new dist.Beta({concentration1: 0.5, concentration0: 0.5}),
    },
    range: [0, 1],
  },
  Binomial: {curves: {'20, probs 0.3': new dist.Binomial({totalCount: 20, probs: 0.3})}, range: [0, 20]},
  Categorical: {curves: {'4 classes': new dist.Categorical({probs: [0.1, 0.4, 0.3, 0.2]})}, range: [0, 3]},
  Cauchy: {
    curves: {'0, 1': new dist.Cauchy({loc: 0, scale: 1}), '1, 0.5': new dist.Cauchy({loc: 1, scale: 0.5})},
    range: [-5, 5],
  },
  Chi2: {curves: {'df 3': new dist.Chi2({df: 3}), 'df 6': new dist.Chi2({df: 6})}, range: [0, 15]},
  Deterministic: {curves: {'loc 1': new dist.Deterministic({loc: 1})}, range: [0, 2]},
  Dirichlet: {curves: {'2, 3, 4': new dist.Dirichlet({concentration: [2, 3, 4]})}},
  Empirical: {curves: {'6 samples': new dist.Empirical({samples: [0, 1, 1, 2, 4, 4]})}, range: [0, 4]},
  Exponential: {
    curves: {'rate 1': new dist.Exponential({rate: 1}), 'rate 0.4': new dist.Exponential({rate: 0.4})},
    range: [0, 6],
  },
  Gamma: {
    curves: {'2, 1': new dist.Gamma({concentration: 2, rate: 1}), '5, 2': new dist.Gamma({concentration: 5, rate: 2})},
    range: [0, 8],
  },
  Geometric: {curves: {'probs 0.3': new dist.Geometric({probs: 0.3})}, range: [0, 12]},
  Gumbel: {curves: {'0, 1': new dist.Gumbel({loc: 0, scale: 1})}, range: [-3, 6]},
  HalfCauchy: {curves: {'0, 1': new dist.HalfCauchy({loc: 0, scale: 1})}, range: [0, 6]},
  HalfNormal: {curves: {'scale 1': new dist.HalfNormal({scale: 1})}, range: [0, 4]},
  Independent: {
    curves: {'two Laplaces': dist.independent(new dist.Laplace({loc: [0, 0.5], scale: [1, 0.7]}))},
    takes: 'distribution, reinterpretedBatchNdims',
  },
  InverseGamma: {curves: {'3, 2': new dist.InverseGamma({concentration: 3, scale: 2})}, range: [0, 4]},
  Kumaraswamy: {curves: {'2, 5': new dist.Kumaraswamy({concentration1: 2, concentration0: 5})}, range: [0, 1]},
  Laplace: {curves: {'0, 1': new dist.Laplace({loc: 0, scale: 1})}, range: [-5, 5]},
  LogNormal: {
    curves: {'0, 0.5': new dist.LogNormal({loc: 0, scale: 0.5}), '0, 1': new dist.LogNormal({loc: 0, scale: 1})},
    range: [0, 5],
  },
  Logistic: {curves: {'0, 1': new dist.Logistic({loc: 0, scale: 1})}, range: [-7, 7]},
  LogitNormal: {
    curves: {'0, 1': new dist.LogitNormal({loc: 0, scale: 1}), '1, 2': new dist.LogitNormal({loc: 1, scale: 2})},
    range: [0, 1],
  },
  Mixture: {
    curves: {
      'normal and Laplace': new dist.Mixture({
        cat: new dist.Categorical({probs: [0.6, 0.4]}),
        components: [normal(-2, 1), new dist.Laplace({loc: 2, scale: 0.5})],
      }),
    },
    range: [-5, 5],
    takes: 'cat, components',
  },
  MixtureSameFamily: {
    curves: {
      'three normals': new dist.MixtureSameFamily({
        mixtureDistribution: new dist.Categorical({probs: [0.3, 0.5, 0.2]}),
        componentsDistribution: new dist.Normal({loc: [-3, 0, 2.5], scale: [0.6, 1, 0.4]}),
      }),
    },
    range: [-5, 5],
    takes: 'mixtureDistribution, componentsDistribution',
  },
  Multinomial: {curves: {'4 trials': new dist.Multinomial({totalCount: 4, probs: [0.5, 0.3, 0.2]})}},
  MultivariateNormalDiag: {
    curves: {'scaleDiag 1, 0.5': new dist.MultivariateNormalDiag({loc: [0, 0], scaleDiag: [1, 0.5]})},
  },
  MultivariateNormalFullCovariance: {
    curves: {
      covariance: new dist.MultivariateNormalFullCovariance({
        loc: [0, 0],
        covarianceMatrix: [
          [1, 0.6],
          [0.6, 1],
        ],
      }),
    },
  },
  MultivariateNormalTriL: {curves: {scaleTril: new dist.MultivariateNormalTriL({loc: [0, 0], scaleTril: tril})}},
  NegativeBinomial: {curves: {'5, probs 0.4': new dist.NegativeBinomial({totalCount: 5, probs: 0.4})}, range: [0, 15]},
  Normal: {curves: {'0, 1': normal(0, 1), '1, 0.5': normal(1, 0.5)}, range: [-4, 4]},
  OneHotCategorical: {curves: {'4 classes': new dist.OneHotCategorical({probs: [0.1, 0.4, 0.3, 0.2]})}},
  Pareto: {curves: {'2, 1': new dist.Pareto({concentration: 2, scale: 1})}, range: [0, 5]},
  Poisson: {curves: {'rate 4': new dist.Poisson({rate: 4})}, range: [0, 14]},
  Rademacher: {curves: {'': new dist.Rademacher()}, range: [-2, 2]},
  RelaxedBernoulli: {
    curves: {
      '0.5, probs 0.4': new dist.RelaxedBernoulli({temperature: 0.5, probs: 0.4}),
      '2, probs 0.4': new dist.RelaxedBernoulli({temperature: 2, probs: 0.4}),
    },
    range: [0, 1],
  },
  RelaxedOneHotCategorical: {
    curves: {'temperature 2': new dist.RelaxedOneHotCategorical({temperature: 2, probs: [0.5, 0.3, 0.2]})},
  },
  StudentT: {
    curves: {
      'df 2': new dist.StudentT({df: 2, loc: 0, scale: 1}),
      'df 10': new dist.StudentT({df: 10, loc: 0, scale: 1}),
    },
    range: [-5, 5],
  },
  TransformedDistribution: {
    curves: {
      'tanh of a normal': new dist.TransformedDistribution({
        distribution: normal(0.3, 0.8),
        bijector: new bijectors.Tanh(),
      }),
    },
    range: [-1, 1],
    takes: 'distribution, bijector',
  },
  TruncatedNormal: {
    curves: {'0, 1 in [-1, 2]': new dist.TruncatedNormal({loc: 0, scale: 1, low: -1, high: 2})},
    range: [-2, 3],
  },
  Uniform: {curves: {'0, 1': new dist.Uniform({low: 0, high: 1})}, range: [-0.5, 1.5]},
  VonMises: {
    curves: {
      '0, 1': new dist.VonMises({loc: 0, concentration: 1}),
      '1, 5': new dist.VonMises({loc: 1, concentration: 5}),
    },
    range: [-Math.PI, Math.PI],
  },
  Weibull: {
    curves: {
      '1.5, 1': new dist.Weibull({concentration: 1.5, scale: 1}),
      '5, 2': new dist.Weibull({concentration: 5, scale: 2}),
    },
    range: [0, 4],
  },
} satisfies Record<FamilyName, Example>;
