/** Running products, without a gradient in tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {productOfOthers} from './products.js';
import {asConstant, one} from './relink.js';

/** Whether element k has a part in the i-th product, [n, n]. */
function parts(n: number, isExclusive: boolean, isReversed: boolean): tf.Tensor2D {
  const has = (i: number, k: number) => (i === k ? !isExclusive : isReversed ? k > i : k < i);
  const values = Array.from({length: n * n}, (_, at) => Number(has(Math.floor(at / n), at % n)));
  return asConstant(() => tf.tensor2d(values, [n, n])) as tf.Tensor2D;
}

/**
 * y_i = Π_k x_k over the parts of the i-th product, dx_k = Σ_i dy_i·Π_j x_j over its parts but k. By products of others,
 * n² of them, rather than y_i/x_k: a zero is harmless to every order.
 */
const cumprod: tf.GradConfig = {
  kernelName: tf.Cumprod,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const x = saved[0]!;
    const {exclusive, reverse} = attrs as {exclusive: boolean; reverse: boolean};
    const [axis] = tf.util.parseAxisParam(attrs['axis'] as number, x.shape) as [number];
    const n = x.shape[axis]!;
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
    const asRows = (t: tf.Tensor) =>
      tf.reshape(tf.transpose(tf.reshape(t, [outer, n, inner]), [0, 2, 1]), [outer * inner, n]);
    return {
      x: () => {
        if (x.size === 0) return tf.zeros(x.shape);
        const has = parts(n, exclusive, reverse);
        // What has no part in a product is 1 in it.
        const factors = tf.add(tf.mul(tf.expandDims(asRows(tf.cast(x, 'float32')), 1), has), tf.sub(1, has));
        const each = tf.mul(tf.expandDims(asRows(one(dy)), 2), tf.mul(productOfOthers(factors), has));
        return tf.reshape(tf.transpose(tf.reshape(tf.sum(each, 1), [outer, inner, n]), [0, 2, 1]), x.shape);
      },
    };
  },
};

export const cumprodGradients: tf.GradConfig[] = [cumprod];
