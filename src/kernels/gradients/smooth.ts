/** Kernels whose own gradient is a function of their output. */
import * as tf from '@tensorflow/tfjs-core';
import {runKernel} from '../../math/runKernel.js';
import {asConstant, one, relink, unaryGradient, unbroadcast} from './relink.js';

const SELU_SCALE = 1.0507009873554804934193349852946;
const SELU_SCALE_ALPHA = 1.7580993408473768599402175208123;

/** y = eˣ, dx = dy·y. */
const exp = unaryGradient(tf.Exp, 'x', (dy, y) => tf.mul(dy, y));

/** y = σ(x), dx = dy·y·(1 − y). */
const sigmoid = unaryGradient(tf.Sigmoid, 'x', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))));

/** y = tanh x, dx = dy·(1 − y²). */
const tanh = unaryGradient(tf.Tanh, 'x', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))));

/** y = x or eˣ − 1, dx = dy or dy·(y + 1). */
const elu = unaryGradient(tf.Elu, 'x', (dy, y) => eluGrad(dy, y));

function eluGrad(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return runKernel(tf.EluGrad, {dy, y});
}

/**
 * EluGrad(dy, y) = dy·(1 + min(y, 0)) has no gradient in tfjs; it is linear in dy, and its slope in y is dy where y < 0.
 */
const eluGradGrad: tf.GradConfig = {
  kernelName: tf.EluGrad,
  inputsToSave: ['dy', 'y'],
  gradFunc: (d, saved) => {
    const [dy, y] = saved as [tf.Tensor, tf.Tensor];
    return {
      dy: () => eluGrad(one(d), y),
      y: () =>
        tf.mul(
          tf.mul(one(d), dy),
          asConstant(() => tf.step(tf.neg(y))),
        ),
    };
  },
};

/** y = s·x or s·α·(eˣ − 1), dx = s·dy or dy·(y + s·α): by y rather than eˣ, which overflows where it is not used. */
const selu = unaryGradient(tf.Selu, 'x', (dy, y, x) =>
  tf.where(
    asConstant(() => tf.greater(x, 0)),
    tf.mul(dy, SELU_SCALE),
    tf.mul(dy, tf.add(y, SELU_SCALE_ALPHA)),
  ),
);

/** y = softmax x, dx = dy·y − y·Σ dy·y. */
const softmax = unaryGradient(tf.Softmax, 'logits', (dy, y, _x, attrs) => {
  const product = tf.mul(dy, y);
  return tf.sub(product, tf.mul(tf.sum(product, attrs['dim'] as number, true), y));
});

/** y = x − log Σ eˣ, dx = dy − e^y·Σ dy. */
const logSoftmax = unaryGradient(tf.LogSoftmax, 'logits', (dy, y, _x, attrs) =>
  tf.sub(dy, tf.mul(tf.sum(dy, attrs['axis'] as number, true), tf.exp(y))),
);

/** y = a^b, da = dy·b·a^(b − 1), db = dy·y·log a, which is taken as 0 where a <= 0. */
const pow: tf.GradConfig = {
  kernelName: tf.Pow,
  inputsToSave: ['a', 'b'],
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const [a, b, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const byBase = (d: tf.Tensor) => {
      const exponent = tf.cast(b, 'float32');
      return unbroadcast(tf.mul(d, tf.mul(exponent, tf.pow(a, tf.sub(exponent, 1)))), a.shape);
    };
    const byExponent = (d: tf.Tensor): tf.Tensor => {
      const base = tf.cast(a, 'float32');
      // The logarithm of 1 stands in for that of a base <= 0, so that its derivative is finite there and masked out.
      const isPositive = asConstant(() => tf.greater(base, 0));
      const log = tf.log(
        tf.where(
          isPositive,
          base,
          asConstant(() => tf.onesLike(base)),
        ),
      );
      const linked = relink([a, b], y, dd => [byBase(dd), byExponent(dd)]);
      return unbroadcast(tf.mul(d, tf.mul(linked, log)), b.shape);
    };
    return {a: () => byBase(one(dy)), b: () => byExponent(one(dy))};
  },
};

export const smoothGradients: tf.GradConfig[] = [exp, sigmoid, tanh, softmax, logSoftmax, pow];

/** Of activations that only networks have. */
export const eluGradients: tf.GradConfig[] = [elu, eluGradGrad, selu];
