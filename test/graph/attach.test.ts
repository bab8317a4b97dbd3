import * as tf from '@tensorflow/tfjs-core';
import {attach} from '../../src/graph/attach.js';
import {axisRuleOf} from '../../src/math/axisRule.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends(
  'a value with a gradient from elsewhere',
  () => {
    it('is the value to the bit, whatever the term holds, and has the derivatives of both', async () => {
      const [x, y] = [tf.tensor1d([3, 4]), tf.tensor1d([Infinity, 0.1])];
      const made = tf.tidy(() => attach(tf.mul(x, 2), tf.log(y)));
      expect(await read(made)).toEqual([6, 8]);
      const [byX, byY, both] = tf.tidy(() => [
        ...tf.grads((a, b) => tf.sum(tf.mul(attach(tf.mul(a, 2), tf.mul(b, 5)), [1, 10])))([x, y]),
        tf.grad(a => tf.sum(attach(tf.square(a), tf.mul(a, 7))))(x),
      ]);
      expect(await read(byX)).toEqual([2, 20]);
      expect(await read(byY!)).toEqual([5, 50]);
      expect(await read(both!)).toEqual([13, 15]);
      tf.dispose([x, y]);
    });

    it('may be differentiated twice, and keeps elements apart', async () => {
      const x = tf.tensor1d([3, 4]);
      const second = tf.tidy(() => {
        const f = (a: tf.Tensor): tf.Tensor => tf.sum(attach(tf.square(a), tf.mul(tf.square(a), a)));
        return tf.grad(a => tf.sum(tf.grad(f)(a)))(x);
      });
      expect(await read(second)).toEqual([2 + 18, 2 + 24]);
      expect(axisRuleOf(attach(x, x))).toBe('elementwise');
      x.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
