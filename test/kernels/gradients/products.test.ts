import * as tf from '@tensorflow/tfjs';
import {productOfOthers} from '../../../src/kernels/gradients/products.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'productOfOthers',
  () => {
    for (const [row, others] of [
      [
        [2, 3, 5, 7],
        [105, 70, 42, 30],
      ],
      [
        [2, 0, 5],
        [0, 10, 0],
      ],
      [[4], [1]],
    ] as Array<[number[], number[]]>) {
      it(`of ${row.join()} is ${others.join()}`, async () => {
        const got = tf.tidy(() => productOfOthers(tf.tensor2d([row])));
        expect(Array.from(await got.data())).toEqual(others);
        got.dispose();
      });
    }
  },
  {inBrief: []},
);
