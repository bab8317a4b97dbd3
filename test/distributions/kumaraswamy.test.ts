import * as tf from '@tensorflow/tfjs-core';
import {Kumaraswamy, type KumaraswamyConfig} from '../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/continuous.js';

const cdf = (a: number, b: number) => (x: number) => -Math.expm1(b * Math.log1p(-(x ** a)));

describeDistribution('Kumaraswamy', {
  create: config => new Kumaraswamy(config as unknown as KumaraswamyConfig),
  reference: reference.Kumaraswamy,
  gradients: {parameters: {concentration1: [1, 2, 0.5, 3], concentration0: [1, 2, 0.5, 0.7]}, x: [0.3, 0.6, 0.5, 0.6]},
  samples: [
    {config: {concentration1: 1.5, concentration0: 2}, cdf: cdf(1.5, 2)},
    {config: {concentration1: 0.9, concentration0: 0.7}, cdf: cdf(0.9, 0.7)},
  ],
  bad: [
    [{concentration1: 1}, 'Kumaraswamy: concentration0 must be given'],
    [{concentration1: 1, concentration0: 0}, 'Kumaraswamy: concentration0 must be > 0, got 0'],
    [{concentration1: [1, -2], concentration0: 1}, 'Kumaraswamy: concentration1 must be > 0, got -2 at [1]'],
    [
      {concentration1: 1, rate: 1},
      'Kumaraswamy: unknown option "rate"; known: concentration1, concentration0, validateArgs',
    ],
  ],
  outside: [-1e-3, 1.001, -Infinity, Infinity],
  missing: ['enumerateSupport'],
  handwritten: {
    config: {concentration1: 1.5, concentration0: 2},
    logProb: (x, {concentration1: a, concentration0: b}) => {
      const rest = tf.log1p(tf.neg(tf.pow(x, a!)));
      const inside = tf.add(
        tf.log(tf.mul(a!, b!)),
        tf.add(tf.mul(tf.sub(a!, 1), tf.log(x)), tf.mul(tf.sub(b!, 1), rest)),
      );
      return tf.where(tf.logicalAnd(tf.greaterEqual(x, 0), tf.lessEqual(x, 1)), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});

describeBackends(
  'Kumaraswamy at the ends',
  () => {
    it('has the limits of its density, and the mode at the end where that is infinite', async () => {
      const d = new Kumaraswamy({concentration1: [0.5, 1, 1, 2, 1], concentration0: [2, 0.5, 1, 1, 1]});
      const values = Array.from(await d.logProb([[0], [1]]).data());
      const log2 = jasmine.any(Number) as unknown as number;
      expect(values).toEqual([Infinity, log2, 0, -Infinity, 0, -Infinity, Infinity, 0, log2, 0]);
      expect(values[1]).toBeCloseTo(-Math.LN2, 5);
      expect(values[8]).toBeCloseTo(Math.LN2, 5);
      expect(Array.from(await d.mode().data()).slice(0, 4)).toEqual([0, 1, 0, 1]);
    });
  },
  {inBrief: [gpuOf('Kumaraswamy at the ends')]},
);
