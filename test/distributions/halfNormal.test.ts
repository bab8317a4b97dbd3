import * as tf from '@tensorflow/tfjs-core';
import {HalfNormal, type HalfNormalConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {normalCdf} from '../helpers/statistics.js';
import {reference} from './reference/continuous.js';

describeDistribution('HalfNormal', {
  create: config => new HalfNormal(config as unknown as HalfNormalConfig),
  reference: reference.HalfNormal,
  gradients: {parameters: {scale: [1, 2, 0.5, 0.7]}, x: [0.3, 2, 0.5, 1]},
  samples: [
    {config: {scale: 1}, cdf: x => 2 * normalCdf(x) - 1},
    {config: {scale: 25}, cdf: x => 2 * normalCdf(x / 25) - 1},
  ],
  bad: [
    [{}, 'HalfNormal: scale must be given'],
    [{scale: 0}, 'HalfNormal: scale must be > 0, got 0'],
    [{scale: [1, -2]}, 'HalfNormal: scale must be > 0, got -2 at [1]'],
    [{loc: 0, scale: 1}, 'HalfNormal: unknown option "loc"; known: scale, validateArgs'],
  ],
  outside: [-1e-3, -7, -Infinity, Infinity],
  missing: ['enumerateSupport'],
  handwritten: {
    config: {scale: 2},
    logProb: (x, {scale}) => {
      const inside = tf.sub(tf.mul(tf.square(tf.div(x, scale!)), -0.5), tf.add(tf.log(scale!), 0.2257914));
      return tf.where(tf.greaterEqual(x, 0), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});
