/** Products along axes and of matrices, and the binary kernels whose tfjs gradient forgets broadcasting. */
import * as tf from '@tensorflow/tfjs-core';
import {one, unbroadcast} from './relink.js';

/** x moved by `by` places along its last axis, with ones in the places left empty. */
function shift(x: tf.Tensor, by: number): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  const kept = n - Math.abs(by);
  const begin = x.shape.map((_, i) => (i === x.rank - 1 && by < 0 ? -by : 0));
  const size = x.shape.map((d, i) => (i === x.rank - 1 ? kept : d));
  const paddings = x.shape.map((_, i): [number, number] => (i < x.rank - 1 ? [0, 0] : by > 0 ? [by, 0] : [0, -by]));
  return tf.pad(tf.slice(x, begin, size), paddings, 1);
}

/** Product of all elements before each one along the last axis (after it, for direction −1), by doubling. */
function runningProduct(x: tf.Tensor, direction: 1 | -1): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  let product = n > 0 ? shift(x, direction) : x;
  for (let reach = 1; reach < n; reach *= 2) product = tf.mul(product, shift(product, direction * reach));
  return product;
}

/** For each element the product of the others along the last axis; a zero is harmless. */
export function productOfOthers(x: tf.Tensor): tf.Tensor {
  return tf.mul(runningProduct(x, 1), runningProduct(x, -1));
}

/**
 * y = Π xⱼ over axes, dxᵢ = dy·Π xⱼ over j ≠ i: by products before and after, so that a zero is harmless to every
 * order.
 */
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
        const count = tf.util.sizeFromShape(axes.map(i => x.shape[i]!));
        const merged = tf.reshape(last, [...last.shape.slice(0, x.rank - axes.length), count]);
        const others = tf.reshape(productOfOthers(merged), last.shape);
        return tf.mul(
          tf.reshape(one(dy), kept),
          tf.transpose(
            others,
            order.map((_, i) => order.indexOf(i)),
          ),
        );
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

/**
 * y = A·B, where A is a or aᵀ, and so for B. Operands whose batches broadcast, as weights do against several draws, get
 * the sum over what they serve.
 */
const batchMatMul: tf.GradConfig = {
  kernelName: tf.BatchMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const {transposeA, transposeB} = attrs as {transposeA: boolean; transposeB: boolean};
    const d = one(dy);
    return {
      a: () =>
        unbroadcast(transposeA ? tf.matMul(b, d, transposeB, true) : tf.matMul(d, b, false, !transposeB), a.shape),
      b: () =>
        unbroadcast(transposeB ? tf.matMul(d, a, true, transposeA) : tf.matMul(a, d, !transposeA, false), b.shape),
    };
  },
};

export const productGradients: tf.GradConfig[] = [squaredDifference, batchMatMul];
export const prodGradients: tf.GradConfig[] = [prod];
