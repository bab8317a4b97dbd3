import * as tf from '@tensorflow/tfjs-core';
import {Weibull, type WeibullConfig} from '../../src/distributions/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {reference} from './reference/continuous.js';

const cdf = (k: number, scale: number) => (x: number) => -Math.expm1(-((x / scale) ** k));

describeDistribution('Weibull', {
  create: config => new Weibull(config as unknown as WeibullConfig),
  reference: reference.Weibull,
  gradients: {parameters: {concentration: [1, 2, 0.5, 3], scale: [1, 2, 0.5, 0.7]}, x: [0.3, 2, 0.5, 0.8]},
  samples: [
    {config: {concentration: 1.5, scale: 2}, cdf: cdf(1.5, 2)},
    {config: {concentration: 0.9, scale: 0.25}, cdf: cdf(0.9, 0.25)},
  ],
  bad: [
    [{scale: 1}, 'Weibull: concentration must be given'],
    [{concentration: 1, scale: 0}, 'Weibull: scale must be > 0, got 0'],
    [{concentration: [1, -2], scale: 1}, 'Weibull: concentration must be > 0, got -2 at [1]'],
    [{concentration: 1, rate: 1}, 'Weibull: unknown option "rate"; known: concentration, scale, validateArgs'],
  ],
  outside: [-1e-3, -7, -Infinity, Infinity],
  missing: ['enumerateSupport'],
  handwritten: {
    config: {concentration: 1.5, scale: 2},
    logProb: (x, {concentration: k, scale}) => {
      const y = tf.log(tf.div(x, scale!));
      const inside = tf.sub(tf.add(tf.log(tf.div(k!, scale!)), tf.mul(tf.sub(k!, 1), y)), tf.exp(tf.mul(k!, y)));
      return tf.where(tf.greaterEqual(x, 0), inside, -Infinity);
    },
  },
  isDiscrete: false,
  isReparameterized: true,
});

describeBackends(
  'Weibull at 0',
  () => {
    it('has the limits of its density', async () => {
      const d = new Weibull({concentration: [0.5, 1, 2], scale: 1});
      expect(Array.from(await d.logProb(0).data())).toEqual([Infinity, 0, -Infinity]);
    });
  },
  {inBrief: [gpuOf('Weibull at 0')]},
);
