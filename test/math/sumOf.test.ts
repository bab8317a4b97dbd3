import * as tf from '@tensorflow/tfjs-core';
import {sumOf} from '../../src/math/sumOf.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends('sumOf', () => {
  it('adds, and hands the derivative to every addend, also where one occurs twice or is used elsewhere', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const f = (a: tf.Tensor): tf.Tensor => {
      const b = tf.square(a);
      return tf.mul(sumOf([a, b, a, tf.mul(b, 2)]), a); // (2a + 3a²)·a
    };
    const [value, first, second] = tf.tidy((): tf.Tensor[] => [f(x), tf.grad(f)(x), tf.grad(a => tf.grad(f)(a))(x)]);
    expect([...(await value!.data())]).toEqual([5, 32, 99]);
    expect([...(await first!.data())]).toEqual([13, 44, 93]); // 4a + 9a²
    expect([...(await second!.data())]).toEqual([22, 40, 58]); // 4 + 18a
    tf.dispose([x, value!, first!, second!]);
  });

  it('leaves one tensor', () => {
    const [x, y] = [tf.scalar(1), tf.scalar(2)];
    const before = tf.memory().numTensors;
    tf.dispose(sumOf([x, y]));
    expect(tf.memory().numTensors).toBe(before);
    expect(sumOf([x]) === x).toBeTrue();
    tf.dispose([x, y]);
  });
});
