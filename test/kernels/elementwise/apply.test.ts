import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../../src/kernels/elementwise/apply.js';
import type {FunctionKernel} from '../../../src/kernels/elementwise/definition.js';
import {isOwnElementwise} from '../../../src/kernels/elementwise/register.js';
import {describeBackends} from '../../helpers/backends.js';
import {read, withoutLeak} from '../../helpers/near.js';

/** x²·y + z, whose derivative in z nobody has and whose derivative in y is said to be 0. */
const kernel: FunctionKernel<'x' | 'y' | 'z'> = {
  kernelName: 'StTestOfApply',
  inputs: ['x', 'y', 'z'],
  scalar: (x, y, z) => x * x * y + z,
  shader: {
    name: 'testOfApply',
    source: () => 'fn testOfApply(x: f32, y: f32, z: f32) -> f32 { return x * x * y + z; }',
  },
  partials: {x: (x, y) => tf.mul(tf.mul(x, y), 2), y: 'zero', z: 'none'},
};

describeBackends(
  'applying an elementwise kernel',
  () => {
    it('broadcasts numbers, arrays and tensors, on every rank and backend', async () => {
      const x = tf.tensor2d([[1], [2]]);
      const made = withoutLeak('apply', () => apply('f', kernel, {x, y: [1, 10, 100], z: 0.5}));
      expect([made.shape, made.dtype]).toEqual([[2, 3], 'float32']);
      expect(await read(made)).toEqual([1.5, 10.5, 100.5, 4.5, 40.5, 400.5]);
      expect(await read(apply('f', kernel, {x: 3, y: 2, z: 1}))).toEqual([19]);
      const deep = apply('f', kernel, {
        x: tf.ones([1, 2, 1, 1, 2]),
        y: tf.tensor5d([[[[[3]]]]]),
        z: tf.ones([2, 1, 1, 1, 1]),
      });
      expect(deep.shape).toEqual([2, 2, 1, 1, 2]);
      expect(await read(deep)).toEqual(new Array(8).fill(4));
      expect(isOwnElementwise('StTestOfApply')).toBeTrue();
      expect(isOwnElementwise('Add')).toBeFalse();
      x.dispose();
    });

    it('has the partial derivatives, summed over what was broadcast', async () => {
      const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor1d([1, 10, 100])];
      const [byX, byY] = tf.tidy(() => tf.grads((a, b) => tf.sum(apply('f', kernel, {x: a, y: b, z: 0})))([x, y]));
      expect([byX!.shape, byY!.shape]).toEqual([[2, 1], [3]]);
      expect(await read(byX!)).toEqual([222, 444]);
      expect(await read(byY!)).toEqual([0, 0, 0]);
      tf.dispose([x, y]);
    });

    it('refuses shapes that do not broadcast, and derivatives that nobody has', () => {
      expect(() => apply('f', kernel, {x: [1, 2], y: [1, 2, 3], z: 0})).toThrowError(
        'f: shapes must broadcast, got [2] and [3] and []',
      );
      expect(() => apply('f', kernel, {x: 'a', y: 1, z: 0})).toThrowError(
        'f: x must be a number, an array or a tensor, got "a"',
      );
      expect(() => tf.tidy(() => tf.grad(z => tf.sum(apply('f', kernel, {x: 1, y: 1, z})))(tf.scalar(1)))).toThrowError(
        'StTestOfApply: there is no derivative in z',
      );
    });
  },
  {inBrief: ['webgpu']},
);
