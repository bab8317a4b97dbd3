import * as tf from '@tensorflow/tfjs-core';
import {key} from '../../src/keys/key.js';
import {elementParam} from '../../src/random/elements/elementParam.js';
import {drawMultinomial} from '../../src/random/multinomial.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'multinomial draws',
  () => {
    it('sum to the total, leave out classes without weight, and have the means n·p', async () => {
      const logits = [0, Math.log(2), -Infinity, Math.log(5)];
      const n = 2000;
      for (const own of [logits, tf.tensor1d(logits)]) {
        const drawn = tf.tidy(() => drawMultinomial(elementParam(40), elementParam(own), [n], key(5)));
        const counts = await drawn.data();
        const mean = [0, 0, 0, 0];
        for (let i = 0; i < n; i++) {
          const row = Array.from(counts.slice(4 * i, 4 * i + 4));
          expect(row.reduce((a, b) => a + b, 0)).toBe(40);
          row.forEach((c, j) => (mean[j]! += c / n));
        }
        [5, 10, 0, 25].forEach((exact, j) => {
          const error = Math.sqrt((exact * (1 - exact / 40)) / n);
          expect(Math.abs(mean[j]! - exact))
            .withContext(`class ${j}`)
            .toBeLessThanOrEqual(4.5 * error);
        });
        drawn.dispose();
        tf.dispose(own);
      }
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
