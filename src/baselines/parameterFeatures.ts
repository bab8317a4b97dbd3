/** What a default network may look at: the parameters of the node, which lie upstream of its draw. */
import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../util/tensors.js';
import {sizeOf} from '../util/shapes.js';
import {detach} from '../math/stopGradient.js';
import {select, signOf} from '../math/numerics.js';
import {allFiniteNow} from '../kernels/index.js';
import type {Distribution} from '../distributions/distribution.js';

/** In the place of ±∞, such as the logit of a class that is left out: a logit of this size is as good. */
const INFINITE = 30;

/**
 * The distribution's parameter tensors as finite constants, flattened and joined: `[batch…, features]`; one feature of
 * 0 where there is none.
 */
export function parameterFeatures(distribution: Distribution): tf.Tensor {
  const {batchShape} = distribution;
  const flat = Object.values(distribution.expand([]).tensors()).map(t =>
    tf.reshape(finite(detach(t)), [...batchShape, t.size / sizeOf(batchShape)]),
  );
  if (flat.length === 0) return tf.zeros([...batchShape, 1]);
  return flat.length === 1 ? flat[0]! : tf.concat(flat, batchShape.length);
}

/** x with numbers in the place of infinities; NaN stays. */
function finite(x: tf.Tensor): tf.Tensor {
  const float = ofType(x, 'float32');
  // nearly always, and a look is less than three kernels
  if (allFiniteNow([float]) === true) return float;
  return select(tf.greater(tf.abs(float), 3e38), tf.mul(signOf(float), INFINITE), float);
}

/** Joins tensors `[…, features]` of equal or broadcastable leading shape along the last axis. */
export function joinFeatures(parts: readonly tf.Tensor[], head: readonly number[]): tf.Tensor {
  return tf.concat(
    parts.map(p => tf.broadcastTo(p, [...head, p.shape[p.rank - 1]!])),
    head.length,
  );
}
