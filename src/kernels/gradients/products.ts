/** Products along axes, and the binary kernels whose tfjs gradient forgets broadcasting. */
import * as tf from '@tensorflow/tfjs-core';
import {constant, one, relink, unbroadcast} from './relink.js';

/** Of each element along the last axis of x, the product of all the others: n² work, but zeros are harmless to every order. */
function productOfOthers(x: tf.Tensor): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  const shape = [...x.shape, n];
  const isSelf = constant(() => tf.broadcastTo(tf.cast(tf.eye(n), 'bool'), shape));
  const others = tf.where(isSelf, constant(() => tf.ones(shape)), tf.broadcastTo(tf.expandDims(x, -1), shape));
  return tf.prod(others, -2);
}

/** The same by two running products, n work; the slower form carries its derivatives. */
function fastProductOfOthers(x: tf.Tensor): tf.Tensor {
  const axis = x.rank - 1; // tfjs's cumprod does not accept a negative axis
  const value = constant(() => tf.mul(tf.cumprod(x, axis, true, false), tf.cumprod(x, axis, true, true)));
  return relink([x], value, dy => [tf.grad(productOfOthers)(x, dy)]);
}

/** y = Π xⱼ over axes, dxᵢ = dy·Π xⱼ over j ≠ i. */
const prod: tf.GradConfig = {
  kernelName: tf.Prod,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const x = saved[0]!;
    const axes = tf.util.parseAxisParam(attrs['axis'] as number | number[], x.shape);
    const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const order = [...x.shape.keys()].filter(i => !axes.includes(i)).concat(axes);
    return {
      x: () => {
        const last = tf.transpose(tf.cast(x, 'float32'), order);
        const merged = tf.reshape(last, [...last.shape.slice(0, x.rank - axes.length), tf.util.sizeFromShape(axes.map(i => x.shape[i]!))]);
        const others = tf.reshape(fastProductOfOthers(merged), last.shape);
        return tf.mul(tf.reshape(one(dy), kept), tf.transpose(others, order.map((_, i) => order.indexOf(i))));
      },
    };
  },
};

/** y = (a − b)², da = 2·dy·(a − b) = −db. */
const squaredDifference: tf.GradConfig = {
  kernelName: tf.SquaredDifference,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const d = () => tf.mul(one(dy), tf.mul(2, tf.sub(a, b)));
    return {a: () => unbroadcast(d(), a.shape), b: () => unbroadcast(tf.neg(d()), b.shape)};
  },
};

export const productGradients: tf.GradConfig[] = [prod, squaredDifference];
