import * as tf from '@tensorflow/tfjs-core';
import {InverseGamma, type InverseGammaConfig} from '../../src/distributions/index.js';
import {lgamma} from '../../src/functions/gamma/index.js';
import {igammac} from '../../src/functions/incompleteGamma/scalar.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read} from '../helpers/near.js';
import {reference} from './reference/gammas.js';

const moments = {concentration: 9, scale: 3};

describeDistribution('InverseGamma', {
  create: config => new InverseGamma(config as unknown as InverseGammaConfig),
  reference: reference.InverseGamma,
  gradients: {parameters: {concentration: [1.5, 2, 0.7, 8], scale: [1, 2, 0.5, 5]}, x: [0.6, 2, 0.9, 0.7]},
  samples: [
    {config: {concentration: 12, scale: 3}, cdf: x => igammac(12, 3 / x)},
    {config: {concentration: 0.3, scale: 0.5}, cdf: x => igammac(0.3, 0.5 / x)},
  ],
  // moments of powers that have a variance
  expectations: [
    {config: moments, f: x => x, exact: ({concentration, scale}) => tf.div(scale!, tf.sub(concentration!, 1))},
    {config: moments, f: x => tf.reciprocal(x), exact: ({concentration, scale}) => tf.div(concentration!, scale!)},
    {
      config: {concentration: 0.8, scale: 2},
      f: x => tf.reciprocal(x),
      exact: ({concentration, scale}) => tf.div(concentration!, scale!),
    },
  ],
  bad: [
    [{scale: 1}, 'InverseGamma: concentration must be given'],
    [{concentration: 1}, 'InverseGamma: scale must be given'],
    [{concentration: [1, -3], scale: 1}, 'InverseGamma: concentration must be > 0, got -3 at [1]'],
    [{concentration: 1, scale: 0}, 'InverseGamma: scale must be > 0, got 0'],
    [{concentration: 1, rate: 1}, 'InverseGamma: unknown option "rate"; known: concentration, scale, validateArgs'],
  ],
  outside: [0, -1e-3, -Infinity],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {concentration: 2.5, scale: 1.5},
    logProb: (x, {concentration, scale}) => {
      const inside = tf.sub(
        tf.neg(tf.add(tf.mul(tf.add(concentration!, 1), tf.log(x)), tf.div(scale!, x))),
        tf.sub(lgamma(concentration!), tf.mul(concentration!, tf.log(scale!))),
      );
      return tf.where(tf.lessEqual(x, 0), tf.fill(x.shape, -Infinity), inside);
    },
  },
});

describeBackends(
  'InverseGamma',
  () => {
    it('has NaN where a moment does not exist', async () => {
      const d = new InverseGamma({concentration: [0.5, 1, 1.5, 2, 3], scale: 1});
      expectNear(await read(d.mean()), [NaN, NaN, 2, 1, 0.5], 'mean');
      expectNear(await read(d.variance()), [NaN, NaN, NaN, NaN, 0.25], 'variance');
      expectNear(await read(d.stddev()), [NaN, NaN, NaN, NaN, 0.5], 'stddev');
    });

    it('has density 0 at 0, and a cdf beyond', async () => {
      const d = new InverseGamma({concentration: 2, scale: 3});
      expect(await read(d.cdf([-1, 0, Infinity]))).toEqual([0, 0, 1]);
      expect(await read(d.survival([-1, 0, Infinity]))).toEqual([1, 1, 0]);
      expect(await read(d.logCdf([-1, 0, Infinity]))).toEqual([-Infinity, -Infinity, 0]);
    });
  },
  {inBrief: [gpuOf('InverseGamma')]},
);
