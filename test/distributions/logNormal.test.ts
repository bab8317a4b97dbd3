import * as tf from '@tensorflow/tfjs-core';
import {LogNormal, type LogNormalConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {normalCdf} from '../helpers/statistics.js';
import {reference} from './reference/continuous.js';

const cdf = (loc: number, scale: number) => (x: number) => normalCdf((Math.log(x) - loc) / scale);

describeDistribution('LogNormal', {
  create: config => new LogNormal(config as unknown as LogNormalConfig),
  reference: reference.LogNormal,
  gradients: {parameters: {loc: [0, 0.5, -1, 2], scale: [1, 2, 0.5, 0.7]}, x: [0.3, 2, 0.5, 4]},
  samples: [
    {config: {loc: 0, scale: 0.5}, cdf: cdf(0, 0.5)},
    {config: {loc: -3, scale: 0.25}, cdf: cdf(-3, 0.25)},
  ],
  bad: [
    [{loc: 0}, 'LogNormal: scale must be given'],
    [{loc: 0, scale: 0}, 'LogNormal: scale must be > 0, got 0'],
    [{loc: 0, scale: [1, 2, -1]}, 'LogNormal: scale must be > 0, got -1 at [2]'],
    [{loc: NaN, scale: 1}, 'LogNormal: loc must be finite, got NaN'],
    [{loc: 0, rate: 1}, 'LogNormal: unknown option "rate"; known: loc, scale, validateArgs'],
    [{loc: [1, 2, 3], scale: [1, 2]}, 'LogNormal: shapes must broadcast, got [3] and [2]'],
  ],
  outside: [0, -1e-3, -7, -Infinity],
  missing: ['enumerateSupport'],
  handwritten: {
    config: {loc: 0.5, scale: 2},
    logProb: (x, {loc, scale}) => {
      const log = tf.log(x);
      const z = tf.div(tf.sub(log, loc!), scale!);
      const inside = tf.sub(tf.mul(tf.square(z), -0.5), tf.add(tf.add(log, tf.log(scale!)), 0.9189385));
      return tf.where(tf.greater(x, 0), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});
