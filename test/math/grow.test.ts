import * as tf from '@tensorflow/tfjs-core';
import {grow} from '../../src/math/grow.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'grow',
  () => {
    it('broadcasts to the shape with the dtype kept, and is the tensor itself where it has the shape', async () => {
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const x = tf.tensor([1, 0], [2, 1], dtype);
        const y = grow(x, [3, 2, 2]);
        expect(y.shape).toEqual([3, 2, 2]);
        expect(y.dtype).toBe(dtype);
        expect(Array.from(await y.data(), Number)).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]);
        expect(grow(x, [2, 1])).toBe(x);
        tf.dispose([x, y]);
      }
    });

    it('has as its derivative the sum over what it repeats, at rank 6 too', async () => {
      const x = tf.tensor1d([1, 2]);
      const slope = tf.grad(x => tf.sum(grow(x, [1, 2, 1, 3, 1, 2])))(x);
      expect(Array.from(await slope.data())).toEqual([6, 6]);
      tf.dispose([x, slope]);
    });
  },
  {inBrief: []},
);
