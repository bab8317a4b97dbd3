import * as tf from '@tensorflow/tfjs-core';
import {valuesNow} from '../../src/kernels/memory.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'values where the host has them',
  () => {
    it('are those of the tensor, also after a kernel wrote them', () => {
      const x = tf.tidy(() => tf.mul(tf.tensor1d([1, 2, 3]), 2));
      expect(Array.from(valuesNow(x))).toEqual([2, 4, 6]);
      x.dispose();
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
