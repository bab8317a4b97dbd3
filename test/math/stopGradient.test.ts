import * as tf from '@tensorflow/tfjs';
import {stopGradient} from '../../src/math/stopGradient.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends('stopGradient', () => {
  it('returns the same values, of any dtype, outside a gradient scope', async () => {
    for (const x of [tf.tensor1d([1.5, -2]), tf.tensor1d([3, 4], 'int32'), tf.tensor1d([true, false], 'bool')]) {
      const y = stopGradient(x);
      expect(y.dtype).toBe(x.dtype);
      expect(y.shape).toEqual(x.shape);
      expect(Array.from(await y.data())).toEqual(Array.from(await x.data()));
      tf.dispose([x, y]);
    }
  });

  it('has no path to its input, for the first derivative and the second', async () => {
    // The gradient of v·stop(v²) is stop(v²), again a constant: so d/dv v·(that) is v² and not 3v².
    const first = (x: tf.Tensor) => tf.grad((v: tf.Tensor) => tf.sum(tf.mul(v, stopGradient(tf.square(x)))))(x);
    const x = tf.tensor1d([3]);
    const g = tf.tidy(() => tf.grad((v: tf.Tensor) => tf.sum(tf.mul(v, stopGradient(tf.square(v)))))(x));
    expect(Array.from(await g.data())).toEqual([9]);
    const second = tf.tidy(() => tf.grad((v: tf.Tensor) => tf.sum(tf.mul(v, first(v))))(x));
    expect(Array.from(await second.data())).toEqual([9]);
    tf.dispose([x, g, second]);
  });

  it('throws as tfjs does when nothing else leads to the input', () => {
    expect(() => tf.tidy(() => tf.grad((v: tf.Tensor) => tf.sum(stopGradient(v)))(tf.tensor1d([3])))).toThrowError(
      /Cannot compute gradient/,
    );
  });

  it('leaves one tensor, and it outlives its input', async () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([1, 2]);
    const y = stopGradient(x);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(Array.from(await y.data())).toEqual([1, 2]);
    y.dispose();
    const g = tf.tidy(() => tf.grad((v: tf.Tensor) => tf.sum(tf.mul(v, stopGradient(v))))(tf.tensor1d([3])));
    g.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
