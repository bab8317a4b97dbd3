/** The logarithm of softmax, exact for a class of probability near 1 too. */
import * as tf from '@tensorflow/tfjs-core';
import {log1p} from './elementary.js';
import {detach} from './stopGradient.js';

/**
 * ln softmax(x) along the last axis. What tfjs gives loses ln p near 0, where p is near 1, since it adds the other classes to e⁰ = 1 first.
 * Here ln Σ e^{x_i − max} = ln(1 + (Σ without the maxima) + (number of maxima) − 1).
 */
export function logSoftmax(x: tf.Tensor): tf.Tensor {
  const below = tf.sub(x, detach(tf.max(detach(x), -1, true)));
  const isMax = tf.cast(tf.equal(detach(below), 0), 'float32');
  const others = tf.sum(tf.sub(tf.exp(below), isMax), -1, true);
  const ties = tf.sub(tf.sum(isMax, -1, true), 1);
  return tf.sub(below, log1p(tf.add(others, ties)));
}
