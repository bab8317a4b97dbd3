import * as tf from '@tensorflow/tfjs';
import {enableFastKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'transposition of no elements',
  () => {
    it('changes the places of axes', () => {
      enableFastKernels();
      const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
      for (const [shape, perm, left] of [
        [[0, 3, 4], [0, 2, 1], [0, 4, 3]], // prettier-ignore
        [[0, 3], [1, 0], [3, 0]], // prettier-ignore
        [[2, 0, 3, 4], [0, 2, 1, 3], [2, 3, 0, 4]], // prettier-ignore
        [[0, 2, 3, 4, 5], [4, 0, 3, 2, 1], [5, 0, 4, 3, 2]], // prettier-ignore
      ] as const) {
        for (const dtype of ['float32', 'int32', 'bool'] as const) {
          const x = tf.zeros([...shape], dtype);
          const y = tf.transpose(x, [...perm]);
          x.dispose();
          expect([y.shape, y.dtype, y.dataSync().length]).toEqual([[...left], dtype, 0]);
          y.dispose();
        }
      }
      expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
