import * as tf from '@tensorflow/tfjs-core';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'running sums',
  () => {
    it('go along any axis, exclusive and in reverse, at rank 5 too', async () => {
      ensureKernels();
      const x = tf.tensor2d([
        [1, 2, 4],
        [8, 16, 32],
      ]);
      const of = async (axis: number, exclusive: boolean, reverse: boolean) => {
        const y = tf.cumsum(x, axis, exclusive, reverse);
        const values = Array.from(await y.data());
        y.dispose();
        return values;
      };
      expect(await of(1, false, false)).toEqual([1, 3, 7, 8, 24, 56]);
      expect(await of(1, true, false)).toEqual([0, 1, 3, 0, 8, 24]);
      expect(await of(1, false, true)).toEqual([7, 6, 4, 56, 48, 32]);
      expect(await of(0, false, false)).toEqual([1, 2, 4, 9, 18, 36]);
      const deep = tf.tidy(() => tf.cumsum(tf.ones([1, 2, 1, 3, 1]), 3));
      expect(Array.from(await deep.data())).toEqual([1, 2, 3, 1, 2, 3]);
      tf.dispose([x, deep]);
    });

    it('do not round as they grow', async () => {
      ensureKernels();
      const n = 200_000;
      const y = tf.tidy(() => tf.slice(tf.cumsum(tf.fill([n], 0.1)), n - 1, 1));
      expect((await y.data())[0]! / (n * Math.fround(0.1))).toBeCloseTo(1, 6);
      y.dispose();
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
