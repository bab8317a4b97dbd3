import * as tf from '@tensorflow/tfjs-core';
import {asConstant, linear, one, relink, unbroadcast} from '../../../src/kernels/gradients/relink.js';
import {describeBackends} from '../../helpers/backends.js';
import {read} from '../../helpers/near.js';

describeBackends(
  'the pieces of gradients that can be differentiated again',
  () => {
    const at = (f: (x: tf.Tensor) => tf.Tensor): Promise<number[]> => read(tf.tidy(() => f(tf.tensor1d([2, 3]))));

    it('relink gives a value that is known the derivative that is said, to every order', async () => {
      // x³, known beforehand
      const cube = (x: tf.Tensor): tf.Tensor =>
        relink([x], tf.tensor1d([8, 27]), dy => [tf.mul(dy, tf.mul(tf.square(x), 3))]);
      expect(await at(cube)).toEqual([8, 27]);
      expect(await at(tf.grad(x => tf.sum(cube(x))))).toEqual([12, 27]);
      expect(await at(tf.grad(x => tf.sum(tf.grad(t => tf.sum(cube(t)))(x))))).toEqual([12, 18]);
    });

    it('asConstant lets no derivative out, and linear has its adjoint', async () => {
      expect(
        await at(
          tf.grad(x =>
            tf.sum(
              tf.mul(
                x,
                asConstant(() => tf.square(x)),
              ),
            ),
          ),
        ),
      ).toEqual([4, 9]);
      const turned = (x: tf.Tensor): tf.Tensor =>
        linear(
          x,
          t => tf.reverse(t, 0),
          d => tf.reverse(d, 0),
        );
      expect(await at(turned)).toEqual([3, 2]);
      expect(await at(tf.grad(x => tf.sum(tf.mul(turned(x), [1, 10]))))).toEqual([10, 1]);
    });

    it('one takes the only gradient, and unbroadcast sums over the axes that were stretched', async () => {
      const t = tf.ones([4, 2, 3]);
      expect(one(t)).toBe(t);
      expect(one([t])).toBe(t);
      for (const [shape, each] of [
        [[2, 1], 12],
        [[3], 8],
        [[], 24],
      ] as const) {
        const sum = tf.tidy(() => unbroadcast(t, [...shape]));
        expect(sum.shape).toEqual([...shape]);
        expect(new Set(await read(sum))).toEqual(new Set([each]));
      }
      expect(unbroadcast(t, [4, 2, 3])).toBe(t);
      t.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
