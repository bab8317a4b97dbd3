/** The logarithm of softmax, exact for a class of probability near 1 too. */
import * as tf from '@tensorflow/tfjs-core';
import {madeBy} from '../../math/axisRule.js';
import {log1p} from '../elementary/index.js';
import {expOfOthers} from '../masses/index.js';

/**
 * ln softmax(x) along the last axis. What tfjs gives loses ln p near 0, where p is near 1, since it adds the other
 * classes to e⁰ = 1 first. Here ln Σ e^{x_i − max} = ln(1 + (Σ without the maxima) + (number of maxima) − 1).
 */
export function logSoftmax(x: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    const [t, save] = args as [tf.Tensor, tf.GradSaveFunc]; // tfjs passes the tensor and then the saving function
    save([t]);
    return {
      value: valueOf(t),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.sub(dy, tf.mul(tf.exp(logSoftmax(saved[0]!)), tf.sum(dy, -1, true))),
    };
  });
  return madeBy('alongLast', op(x));
}

function valueOf(x: tf.Tensor): tf.Tensor {
  const below = tf.sub(x, tf.max(x, -1, true));
  const others = tf.sum(expOfOthers(below), -1, true);
  const ties = tf.sub(tf.sum(tf.cast(tf.equal(below, 0), 'float32'), -1, true), 1);
  return tf.sub(below, log1p(tf.add(others, ties)));
}
