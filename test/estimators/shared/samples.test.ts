import * as tf from '@tensorflow/tfjs-core';
import {dot, meanOfOthers} from '../../../src/estimators/shared/samples.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'samples side by side',
  () => {
    it('meanOfOthers leaves each one out of its own mean, and dot sums over the event', async () => {
      const x = tf.tensor2d([
        [1, 10],
        [2, 20],
        [6, 60],
      ]);
      const [others, product] = [tf.tidy(() => meanOfOthers(x)), tf.tidy(() => dot(x, x))];
      expect(Array.from(await others.data())).toEqual([4, 40, 3.5, 35, 1.5, 15]);
      expect(Array.from(await product.data())).toEqual([101, 404, 3636]);
      tf.dispose([x, others, product]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
