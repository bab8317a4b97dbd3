import * as tf from '@tensorflow/tfjs-core';
import {Pareto, type ParetoConfig} from '../../src/distributions/index.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/continuous.js';

const cdf = (a: number, scale: number) => (x: number) => -Math.expm1(-a * Math.log(x / scale));

describeDistribution('Pareto', {
  create: config => new Pareto(config as unknown as ParetoConfig),
  reference: reference.Pareto,
  gradients: {parameters: {concentration: [1, 2, 0.5, 3], scale: [1, 2, 0.5, 0.7]}, x: [1.3, 2.5, 0.8, 4]},
  samples: [
    {config: {concentration: 6, scale: 2}, cdf: cdf(6, 2)},
    {config: {concentration: 9, scale: 0.25}, cdf: cdf(9, 0.25)},
  ],
  bad: [
    [{scale: 1}, 'Pareto: concentration must be given'],
    [{concentration: 1, scale: 0}, 'Pareto: scale must be > 0, got 0'],
    [{concentration: [1, -2], scale: 1}, 'Pareto: concentration must be > 0, got -2 at [1]'],
    [{concentration: 1, rate: 1}, 'Pareto: unknown option "rate"; known: concentration, scale, validateArgs'],
  ],
  outside: [0.999, 0, -7, -Infinity, Infinity],
  missing: ['enumerateSupport'],
  handwritten: {
    config: {concentration: 1.5, scale: 2},
    logProb: (x, {concentration: a, scale}) => {
      const inside = tf.sub(tf.add(tf.log(a!), tf.mul(a!, tf.log(scale!))), tf.mul(tf.add(a!, 1), tf.log(x)));
      return tf.where(tf.greaterEqual(x, scale!), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});
