import * as tf from '@tensorflow/tfjs-core';
import {Chi2, type Chi2Config} from '../../src/distributions/index.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {igamma} from '../../src/functions/incompleteGamma/scalar.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/gammas.js';

describeDistribution('Chi2', {
  create: config => new Chi2(config as unknown as Chi2Config),
  reference: reference.Chi2,
  gradients: {parameters: {df: [3, 4, 1.4, 16]}, x: [0.6, 2, 0.9, 9]},
  samples: [
    {config: {df: 3}, cdf: x => igamma(1.5, x / 2)},
    {config: {df: 0.5}, cdf: x => igamma(0.25, x / 2)},
  ],
  bad: [
    [{}, 'Chi2: df must be given'],
    [
      {
        df: [
          [1, 2],
          [3, 0],
        ],
      },
      'Chi2: df must be > 0, got 0 at [1,1]',
    ],
    [{df: 1, rate: 1}, 'Chi2: unknown option "rate"; known: df, validateArgs'],
  ],
  outside: [-1e-3, -Infinity],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {df: 3},
    logProb: (x, {df}) => {
      const half = tf.mul(df!, 0.5);
      const normaliser = tf.add(lgamma(half), tf.mul(half, Math.LN2));
      const inside = tf.sub(tf.sub(tf.mul(tf.sub(half, 1), tf.log(x)), tf.mul(x, 0.5)), normaliser);
      return tf.where(tf.less(x, 0), tf.fill(x.shape, -Infinity), inside);
    },
  },
});
