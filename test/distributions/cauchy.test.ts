import * as tf from '@tensorflow/tfjs-core';
import {Cauchy, type CauchyConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/continuous.js';

const cdf = (loc: number, scale: number) => (x: number) => Math.atan2(scale, loc - x) / Math.PI;

describeDistribution('Cauchy', {
  create: config => new Cauchy(config as unknown as CauchyConfig),
  reference: reference.Cauchy,
  gradients: {parameters: {loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, -2, 0, 4]},
  samples: [
    {config: {loc: 0, scale: 1}, cdf: cdf(0, 1)},
    {config: {loc: -3, scale: 0.25}, cdf: cdf(-3, 0.25)},
  ],
  bad: [
    [{loc: 0}, 'Cauchy: scale must be given'],
    [{loc: 0, scale: 0}, 'Cauchy: scale must be > 0, got 0'],
    [{loc: 0, scale: [1, 2, -1]}, 'Cauchy: scale must be > 0, got -1 at [2]'],
    [{loc: NaN, scale: 1}, 'Cauchy: loc must be finite, got NaN'],
    [{loc: 0, rate: 1}, 'Cauchy: unknown option "rate"; known: loc, scale, validateArgs'],
    [{loc: [1, 2, 3], scale: [1, 2]}, 'Cauchy: shapes must broadcast, got [3] and [2]'],
  ],
  outside: [],
  missing: ['mean', 'variance', 'stddev', 'enumerateSupport'],
  // E 1/(1 + x²) = (1 + s)/((1 + s)² + l²), and E cos x = e^{−s} cos l
  expectations: [
    {
      config: {loc: 0.5, scale: 0.7},
      f: x => tf.reciprocal(tf.add(tf.square(x), 1)),
      exact: ({loc, scale}) => tf.div(tf.add(scale!, 1), tf.add(tf.square(tf.add(scale!, 1)), tf.square(loc!))),
    },
    {
      config: {loc: 0.5, scale: 0.7},
      f: x => tf.atan(x),
      exact: ({loc, scale}) => tf.atan(tf.div(loc!, tf.add(scale!, 1))),
    },
  ],
  handwritten: {
    config: {loc: 0.5, scale: 2},
    logProb: (x, {loc, scale}) => {
      const z = tf.div(tf.sub(x, loc!), scale!);
      return tf.neg(tf.add(tf.log1p(tf.square(z)), tf.log(tf.mul(scale!, Math.PI))));
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});

describe('Cauchy, by type', () => {
  it('has no moments, to the compiler as well', () => {
    const d = new Cauchy({loc: 0, scale: 1});
    // @ts-expect-error it does not exist
    expect(() => d.mean()).toThrowError(/^Cauchy: mean does not exist, it has logProb/);
    // @ts-expect-error it does not exist
    expect(() => d.variance()).toThrowError(/^Cauchy: variance does not exist/);
    // @ts-expect-error it does not exist
    expect(() => d.enumerateSupport()).toThrowError(/^Cauchy: enumerateSupport does not exist/);
  });
});
