import * as tf from '@tensorflow/tfjs-core';
import {Beta, type BetaConfig} from '../../src/distributions/index.js';
import {lbeta} from '../../src/functions/gamma/index.js';
import {betainc} from '../../src/functions/incompleteBeta/scalar.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {describeDistribution} from '../helpers/distributionSuite.js';
import {expectNear, read} from '../helpers/near.js';
import {reference} from './reference/gammas.js';

describeDistribution('Beta', {
  create: config => new Beta(config as unknown as BetaConfig),
  reference: reference.Beta,
  gradients: {parameters: {concentration1: [1.5, 2, 0.7, 8], concentration0: [1, 3, 0.5, 4]}, x: [0.6, 0.3, 0.5, 0.8]},
  samples: [
    {config: {concentration1: 2.5, concentration0: 1.5}, cdf: x => betainc(2.5, 1.5, x)},
    {config: {concentration1: 0.4, concentration0: 0.7}, cdf: x => betainc(0.4, 0.7, x)},
  ],
  bad: [
    [{concentration1: 1}, 'Beta: concentration0 must be given'],
    [{concentration0: 1}, 'Beta: concentration1 must be given'],
    [{concentration1: [1, 0], concentration0: 1}, 'Beta: concentration1 must be > 0, got 0 at [1]'],
    [{concentration1: 1, concentration0: -1}, 'Beta: concentration0 must be > 0, got -1'],
    [{concentration1: 1, concentration0: Infinity}, 'Beta: concentration0 must be finite, got Infinity'],
    [{concentration: 1}, 'Beta: unknown option "concentration"; did you mean "concentration1" or "concentration0"?'],
  ],
  outside: [-1e-3, 1.001, -Infinity],
  missing: ['enumerateSupport'],
  isDiscrete: false,
  isReparameterized: true,
  handwritten: {
    config: {concentration1: 2.5, concentration0: 1.5},
    logProb: (x, {concentration1, concentration0}) => {
      const powers = tf.add(
        tf.mul(tf.sub(concentration1!, 1), tf.log(x)),
        tf.mul(tf.sub(concentration0!, 1), tf.log1p(tf.neg(x))),
      );
      const outside = tf.logicalOr(tf.less(x, 0), tf.greater(x, 1));
      return tf.where(outside, tf.fill(x.shape, -Infinity), tf.sub(powers, lbeta(concentration1!, concentration0!)));
    },
  },
});

describeBackends(
  'Beta',
  () => {
    it('draws numbers inside of (0, 1) with finite derivatives for the smallest and largest concentrations', async () => {
      const a = tf.tensor1d([1e-3, 1e-3, 1e6, 1e6, 0.7]);
      const b = tf.tensor1d([2e-3, 1e6, 1e-3, 2e6, 1e6]);
      const f = (s: tf.Tensor, t: tf.Tensor) =>
        new Beta({concentration1: s, concentration0: t}).sample(200, {key: random.key(3)});
      const values = await read(f(a, b));
      expect(values.every(v => v > 0 && v < 1)).toBe(true);
      for (const g of tf.grads((s: tf.Tensor, t: tf.Tensor) => tf.sum(f(s, t)))([a, b])) {
        expect((await read(g)).every(Number.isFinite)).toBe(true);
      }
    });

    it('has the limits of its density at 0 and 1, and a cdf beyond', async () => {
      const d = new Beta({concentration1: [0.5, 1, 1.5], concentration0: 2});
      expectNear(await read(d.logProb(0)), [Infinity, Math.log(2), -Infinity], 'logProb');
      expectNear(await read(d.logProb(1)), [-Infinity, -Infinity, -Infinity], 'logProb');
      expect(await read(d.cdf([-1, 1, 7]))).toEqual([0, 1, 1]);
      expect(await read(d.survival([-1, 1, 7]))).toEqual([1, 0, 0]);
    });
  },
  {inBrief: [gpuOf('Beta')]},
);
