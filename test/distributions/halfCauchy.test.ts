import * as tf from '@tensorflow/tfjs-core';
import {HalfCauchy, type HalfCauchyConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/continuous.js';

const cdf = (loc: number, scale: number) => (x: number) => (2 / Math.PI) * Math.atan((x - loc) / scale);
const squares = (c: tf.Tensor, scale: tf.Tensor) => tf.add(tf.square(c), tf.square(scale));
const numerator = (c: tf.Tensor, scale: tf.Tensor) =>
  tf.add(c, tf.mul(tf.mul(scale, 2 / Math.PI), tf.log(tf.div(scale, c))));

describeDistribution('HalfCauchy', {
  create: config => new HalfCauchy(config as unknown as HalfCauchyConfig),
  reference: reference.HalfCauchy,
  gradients: {parameters: {loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, 2, 0, 4]},
  samples: [
    {config: {loc: 0, scale: 1}, cdf: cdf(0, 1)},
    {config: {loc: -3, scale: 0.25}, cdf: cdf(-3, 0.25)},
  ],
  bad: [
    [{loc: 0}, 'HalfCauchy: scale must be given'],
    [{loc: 0, scale: 0}, 'HalfCauchy: scale must be > 0, got 0'],
    [{loc: 0, scale: [1, 2, -1]}, 'HalfCauchy: scale must be > 0, got -1 at [2]'],
    [{loc: NaN, scale: 1}, 'HalfCauchy: loc must be finite, got NaN'],
    [{loc: 0, rate: 1}, 'HalfCauchy: unknown option "rate"; known: loc, scale, validateArgs'],
    [{loc: [1, 2, 3], scale: [1, 2]}, 'HalfCauchy: shapes must broadcast, got [3] and [2]'],
  ],
  outside: [-1e-3, -7, -Infinity, Infinity],
  missing: ['mean', 'variance', 'stddev', 'enumerateSupport'],
  // with c = 1 + loc, E 1/(1 + x) = g(c) = (c + (2/π) s ln(s/c)) / (c² + s²), and E 1/(1 + x)² = −g′(c)
  expectations: [
    {
      config: {loc: 0.5, scale: 0.7},
      f: x => tf.reciprocal(tf.add(x, 1)),
      exact: ({loc, scale}) => tf.div(numerator(tf.add(loc!, 1), scale!), squares(tf.add(loc!, 1), scale!)),
    },
    {
      config: {loc: 0.5, scale: 0.7},
      f: x => tf.reciprocal(tf.square(tf.add(x, 1))),
      exact: ({loc, scale}) => {
        const c = tf.add(loc!, 1);
        const slope = tf.sub(1, tf.div(tf.mul(scale!, 2 / Math.PI), c));
        const all = squares(c, scale!);
        return tf.div(tf.sub(tf.mul(tf.mul(c, 2), numerator(c, scale!)), tf.mul(slope, all)), tf.square(all));
      },
    },
  ],
  handwritten: {
    config: {loc: 0.5, scale: 2},
    logProb: (x, {loc, scale}) => {
      const z = tf.div(tf.sub(x, loc!), scale!);
      const inside = tf.neg(tf.add(tf.log1p(tf.square(z)), tf.log(tf.mul(scale!, Math.PI / 2))));
      return tf.where(tf.greaterEqual(x, loc!), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});
