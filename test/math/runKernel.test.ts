import * as tf from '@tensorflow/tfjs-core';
import {addN, runKernel} from '../../src/math/runKernel.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'runKernel',
  () => {
    it('gives what the operation gives, with its derivative', async () => {
      const x = tf.tensor2d([[1, 2, 3]]);
      const paddings = [
        [0, 0],
        [1, 1],
      ];
      const padded = runKernel(tf.MirrorPad, {x}, {paddings, mode: 'reflect'});
      expect(Array.from(await padded.data())).toEqual([2, 1, 2, 3, 2]);
      const slope = tf.grad(t => tf.sum(addN([t, tf.mul(t, 2), tf.square(t)])))(x);
      expect(Array.from(await slope.data())).toEqual([5, 7, 9]);
      tf.dispose([x, padded, slope]);
    });

    it('takes lists where kernels have any number of inputs', async () => {
      const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3])];
      const before = tf.memory().numTensors;
      const joined = runKernel(tf.Concat, [a, b], {axis: 0});
      expect(Array.from(await joined.data())).toEqual([1, 2, 3]);
      joined.dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([a, b]);
    });
  },
  {inBrief: ['webgl']},
);
