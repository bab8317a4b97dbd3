/** The divergence of normal distributions, and of all that are one function of them. */
import * as tf from '@tensorflow/tfjs-core';
import {klTerm} from '../math/divergence.js';

/**
 * (r² + d² − 1)/2 − ln r, with r the ratio of the scales and d the distance of the means in p's scale, as a sum of parts that
 * are never negative: (r − 1 − ln r) + (r − 1)²/2 + d²/2.
 */
export function normalDivergence(locQ: tf.Tensor, scaleQ: tf.Tensor, locP: tf.Tensor, scaleP: tf.Tensor): tf.Tensor {
  const ratio = tf.div(scaleQ, scaleP);
  const squares = tf.add(tf.square(tf.sub(ratio, 1)), tf.square(tf.div(tf.sub(locQ, locP), scaleP)));
  return tf.add(klTerm(1, ratio), tf.mul(squares, 0.5));
}
