import * as tf from '@tensorflow/tfjs-core';
import {integerQuantile} from '../../src/distributions/integerQuantile.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'quantiles of whole numbers',
  () => {
    it('are the smallest k with F(k) >= p, and the ends for 0 and 1', async () => {
      // geometric of p = 1/4: F(k) = 1 − (3/4)^{k + 1}
      const geometric = {
        cdf: (k: tf.Tensor) => tf.sub(1, tf.pow(0.75, tf.add(k, 1))),
        mean: tf.scalar(3),
        stddev: tf.scalar(Math.sqrt(12)),
      };
      const ps = [0, 0.1, 0.3, 0.6, 0.99, 1];
      const found = tf.tidy(() => integerQuantile(tf.tensor1d(ps), geometric));
      const exact = ps.map(p => (p === 1 ? Infinity : Math.max(0, Math.ceil(Math.log(1 - p) / Math.log(0.75)) - 1)));
      expect(Array.from(await found.data())).toEqual(exact);
      const die = {
        cdf: (k: tf.Tensor) => tf.minimum(tf.div(tf.add(k, 1), 6), 1),
        mean: tf.scalar(2.5),
        stddev: tf.scalar(1.7),
        greatest: tf.scalar(5),
      };
      const rolled = tf.tidy(() => integerQuantile(tf.tensor1d([0.1, 0.49, 0.51, 1]), die));
      expect(Array.from(await rolled.data())).toEqual([0, 2, 3, 5]);
      tf.dispose([found, rolled, geometric.mean, geometric.stddev, die.mean, die.stddev, die.greatest]);
    });
  },
  {inBrief: []},
);
