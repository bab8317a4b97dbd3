import * as tf from '@tensorflow/tfjs-core';
import {safeLog} from './elementary.js';
import {atLeast} from './numerics.js';
import {stopGradient} from './stopGradient.js';

/** ln Σ e^a over one axis (default the last), −∞ if all are; differentiable to any order. */
export function logSumExp(a: tf.Tensor, axis = -1): tf.Tensor {
  const top = stopGradient(atLeast(tf.max(a, axis, true), -1e38));
  const sum = tf.sum(tf.exp(tf.sub(a, top)), axis);
  return tf.add(safeLog(sum), tf.squeeze(top, [axis]));
}
