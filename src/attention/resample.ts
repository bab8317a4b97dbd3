/** Images between two sets of filters: what reading, writing and cropping come down to. */
import * as tf from '@tensorflow/tfjs-core';
import '../kernels/matrixProducts.js';
import {grow} from '../math/grow.js';
import {sizeOf, type Shape} from '../util/shapes.js';

/**
 * R x Cᵀ for each image x and each channel: filters of rows R `[batch…, p, rows]` and of columns C `[batch…, q,
 * columns]`, images `[batch…, rows, columns]` or `[batch…, rows, columns, channels]`, with batches that broadcast to
 * `batch`, to `[batch…, p, q]` or `[batch…, p, q, channels]`.
 *
 * Only products of matrices, one for each element of the batch: derivatives of every order, and examples stay apart.
 */
export function resample(
  images: tf.Tensor,
  rows: tf.Tensor,
  columns: tf.Tensor,
  {batch, channels}: {batch: Shape; channels: boolean},
): tf.Tensor {
  const n = sizeOf(batch);
  /** With the whole batch in one axis: what is of higher rank, not every backend multiplies. */
  const flat = (t: tf.Tensor, own: number): tf.Tensor => {
    const shape = t.shape.slice(t.rank - own);
    return tf.reshape(grow(t, [...batch, ...shape]), [n, ...shape]);
  };
  const [r, c] = [flat(rows, 2), flat(columns, 2)];
  const [p, q] = [r.shape[1]!, c.shape[1]!];
  if (!channels) return tf.reshape(tf.matMul(tf.matMul(r, flat(images, 2)), c, false, true), [...batch, p, q]);
  const x = flat(images, 3);
  const [height, width, depth] = x.shape.slice(1) as [number, number, number]; // its own axes
  const down = tf.reshape(tf.matMul(r, tf.reshape(x, [n, height, width * depth])), [n, p, width, depth]);
  const sideways = tf.reshape(tf.transpose(down, [0, 2, 1, 3]), [n, width, p * depth]);
  const across = tf.reshape(tf.matMul(c, sideways), [n, q, p, depth]);
  return tf.reshape(tf.transpose(across, [0, 2, 1, 3]), [...batch, p, q, depth]);
}
