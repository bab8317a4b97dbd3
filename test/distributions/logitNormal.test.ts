import * as tf from '@tensorflow/tfjs-core';
import {LogitNormal, type LogitNormalConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {normalCdf} from '../helpers/statistics.js';
import {reference} from './reference/continuous.js';

const cdf = (loc: number, scale: number) => (x: number) => normalCdf((Math.log(x / (1 - x)) - loc) / scale);
const logit = (x: tf.Tensor) => tf.log(tf.div(x, tf.sub(1, x)));

describeDistribution('LogitNormal', {
  create: config => new LogitNormal(config as unknown as LogitNormalConfig),
  reference: reference.LogitNormal,
  gradients: {parameters: {loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, 0.7, 0.5, 0.6]},
  samples: [
    {config: {loc: 0, scale: 1}, cdf: cdf(0, 1)},
    {config: {loc: -3, scale: 0.25}, cdf: cdf(-3, 0.25)},
  ],
  bad: [
    [{loc: 0}, 'LogitNormal: scale must be given'],
    [{loc: 0, scale: 0}, 'LogitNormal: scale must be > 0, got 0'],
    [{loc: 0, scale: [1, 2, -1]}, 'LogitNormal: scale must be > 0, got -1 at [2]'],
    [{loc: NaN, scale: 1}, 'LogitNormal: loc must be finite, got NaN'],
    [{loc: 0, rate: 1}, 'LogitNormal: unknown option "rate"; known: loc, scale, validateArgs'],
    [{loc: [1, 2, 3], scale: [1, 2]}, 'LogitNormal: shapes must broadcast, got [3] and [2]'],
  ],
  outside: [0, 1, -1e-3, 1.5, -Infinity, Infinity],
  missing: ['mean', 'variance', 'stddev', 'mode', 'entropy', 'enumerateSupport'],
  expectations: [
    {config: {loc: -0.5, scale: 0.8}, f: logit, exact: ({loc}) => loc!},
    {
      config: {loc: -0.5, scale: 0.8},
      f: x => tf.square(logit(x)),
      exact: ({loc, scale}) => tf.add(tf.square(loc!), tf.square(scale!)),
    },
  ],
  handwritten: {
    config: {loc: 0.5, scale: 2},
    logProb: (x, {loc, scale}) => {
      const z = tf.div(tf.sub(tf.log(tf.div(x, tf.sub(1, x))), loc!), scale!);
      const measure = tf.add(tf.log(tf.mul(x, tf.sub(1, x))), tf.log(scale!));
      const inside = tf.sub(tf.mul(tf.square(z), -0.5), tf.add(measure, 0.9189385));
      return tf.where(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 1)), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});
