import * as tf from '@tensorflow/tfjs-core';
import {safeLog} from '../elementary/index.js';
import {weigh} from '../masses/index.js';
import {atLeast, atMost, select} from '../../math/numerics.js';
import {stopGradient} from '../../math/stopGradient.js';

/** ln Σ e^a over one axis (default the last), −∞ if all are; differentiable to any order. */
export function logSumExp(a: tf.Tensor, axis = -1): tf.Tensor {
  const top = topOf(a, axis);
  const sum = tf.sum(tf.exp(tf.sub(a, top)), axis);
  return tf.add(safeLog(sum), tf.squeeze(top, [axis]));
}

/** How far a term of weight 0 may stand above the others: e^80 is a float32. */
const ABOVE = 80;

/**
 * ln Σ w e^a along the last axis, w >= 0, with derivatives in the weights that are right where w is 0 as well (cut off
 * there where e^a is more than e^80 times the largest of those that count); −∞ where all that count are.
 */
export function logWeighedSum(w: tf.Tensor, a: tf.Tensor): tf.Tensor {
  const top = topOf(select(tf.greater(w, 0), a, -Infinity), -1);
  const terms = weigh(w, tf.exp(atMost(tf.sub(a, top), ABOVE)));
  return tf.add(safeLog(tf.sum(terms, -1)), tf.squeeze(top, [-1]));
}

/** The largest, held within float32 so that what is infinite can be compared with it: a constant. */
function topOf(a: tf.Tensor, axis: number): tf.Tensor {
  return stopGradient(atMost(atLeast(tf.max(a, axis, true), -1e38), 1e38));
}
