import * as tf from '@tensorflow/tfjs-core';
import {insideUnitInterval} from '../../src/distributions/insideUnitInterval.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'values held off the ends of (0, 1)',
  () => {
    it('stay where they are inside, and NaN where what they were made of is', async () => {
      const x = tf.tidy(() => insideUnitInterval(tf.tensor1d([0, 0.25, 1, 0.5]), tf.tensor1d([1, 1, 1, NaN])));
      const [least, inside, most, bad] = await x.data();
      expect(least).toBeGreaterThan(0);
      expect(inside).toBe(0.25);
      expect(most).toBeLessThan(1);
      expect(bad).toBeNaN();
      x.dispose();
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
