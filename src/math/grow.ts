/** Broadcasting to a shape. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape} from '../util/shapes.js';

/** t with its shape grown to `shape`, differentiable at any rank (the gradient of tf.tile stops at 4). */
export function grow(t: tf.Tensor, shape: number[]): tf.Tensor {
  if (sameShape(t.shape, shape)) return t;
  if (t.dtype === 'bool') return tf.broadcastTo(t, shape);
  // of full rank first: webgpu adds a short vector to a tensor of rank 5 or more wrongly
  const padded =
    t.rank === shape.length ? t : tf.reshape(t, [...new Array<number>(shape.length - t.rank).fill(1), ...t.shape]);
  return tf.add(padded, tf.fill(shape, 0, t.dtype === 'int32' ? 'int32' : 'float32'));
}
