import * as tf from '@tensorflow/tfjs';
import {addRowsUp} from '../../../src/kernels/gradients/gather.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'addRowsUp',
  () => {
    it('adds up the rows of each number, and leaves 0 where there is none', async () => {
      const rows = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      const sums = tf.tidy(() => addRowsUp(rows, () => tf.tensor1d([2, 0, 2], 'int32'), 4));
      expect(sums.shape).toEqual([4, 2]);
      expect(Array.from(await sums.data())).toEqual([3, 4, 0, 0, 6, 8, 0, 0]);
      tf.dispose([rows, sums]);
    });
  },
  {inBrief: []},
);
