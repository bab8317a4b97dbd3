/** The three families of multivariate normal distributions, and what all are judged by. */
import * as tf from '@tensorflow/tfjs-core';
import {
  MultivariateNormalDiag,
  MultivariateNormalFullCovariance,
  MultivariateNormalTriL,
  type Distribution,
  type MultivariateNormalDiagConfig,
  type MultivariateNormalFullCovarianceConfig,
  type MultivariateNormalTriLConfig,
} from '../../src/distributions/index.js';
import {describeDistribution, type DistributionSpec, type Value} from '../helpers/distributionSuite.js';
import {reference} from './reference/multivariate.js';

export const families = {
  MultivariateNormalDiag: (config: object) => new MultivariateNormalDiag(config as MultivariateNormalDiagConfig),
  MultivariateNormalTriL: (config: object) => new MultivariateNormalTriL(config as MultivariateNormalTriLConfig),
  MultivariateNormalFullCovariance: (config: object) =>
    new MultivariateNormalFullCovariance(config as MultivariateNormalFullCovarianceConfig),
};
export type Family = keyof typeof families;
export const names = Object.keys(families) as Family[]; // the keys of a constant record

export type Matrix = number[][];
export const timesTranspose = (l: Matrix): Matrix => l.map(a => l.map(b => a.reduce((s, v, k) => s + v * b[k]!, 0)));
export const diagonalOnly = (l: Matrix): Matrix => l.map((row, i) => row.map((v, j) => (i === j ? v : 0)));

export const shaping = {
  MultivariateNormalDiag: 'scaleDiag',
  MultivariateNormalTriL: 'scaleTril',
  MultivariateNormalFullCovariance: 'covarianceMatrix',
} as const;

/** The parameter of a family for the lower triangular l; of Diag, for its diagonal. */
export function shapeOf(family: Family, l: Matrix): number[] | Matrix {
  if (family === 'MultivariateNormalDiag') return l.map((row, i) => row[i]!);
  return family === 'MultivariateNormalTriL' ? l : timesTranspose(l);
}

export const LOCS = [
  [0.5, -1],
  [1, 0.3],
];
export const FACTORS: Matrix[] = [
  [
    [1, 0],
    [0.5, 0.8],
  ],
  [
    [0.7, 0],
    [-0.4, 1.2],
  ],
];
const WEIGHTS = [0.6, -0.4];

const weigh = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(x, tf.tensor1d(WEIGHTS)), -1);
/** wᵀ·covariance·w. */
const spreadOf = (d: Distribution): tf.Tensor =>
  tf.sum(tf.mul(d.covariance(), tf.outerProduct(tf.tensor1d(WEIGHTS), tf.tensor1d(WEIGHTS))), [-2, -1]);

/** The parameters of a distribution of a family that is no standard one. */
export const settingOf = (family: Family): Record<string, number[] | Matrix> => ({
  loc: LOCS[0]!,
  [shaping[family]]: shapeOf(family, FACTORS[0]!),
});

/** The suite of one family: reference values, derivatives, expectations, and what it refuses. */
export function describeMultivariateNormal(
  family: Family,
  bad: DistributionSpec['bad'],
  handwritten?: DistributionSpec['handwritten'],
): void {
  const create = families[family];
  const parameter = shaping[family];
  const setting = settingOf(family);
  describeDistribution(family, {
    create,
    reference: reference[family],
    gradients: {
      parameters: {loc: LOCS, [parameter]: FACTORS.map(l => shapeOf(family, l)) as Value[]}, // matrices are values too
      x: [
        [0.3, -0.5],
        [1.6, 0.9],
      ],
    },
    samples: [],
    expectations: [
      {
        config: setting,
        f: x => tf.square(weigh(x)),
        exact: p => tf.add(spreadOf(create(p)), tf.square(weigh(create(p).mean()))),
      },
      {
        config: setting,
        f: x => tf.exp(weigh(x)),
        exact: p => tf.exp(tf.add(tf.mul(spreadOf(create(p)), 0.5), weigh(create(p).mean()))),
      },
    ],
    bad,
    outside: [],
    missing: ['cdf', 'logCdf', 'survival', 'quantile', 'enumerateSupport'],
    isDiscrete: false,
    isReparameterized: true,
    ...(handwritten === undefined ? {} : {handwritten}),
  });
}
