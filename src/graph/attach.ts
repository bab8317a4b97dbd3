/** A value of its own with a gradient from elsewhere. */
import * as tf from '@tensorflow/tfjs-core';
import {madeBy} from '../math/axisRule.js';

/**
 * `value`, with the derivatives of `value` and of `term`, a tensor of the same shape, added up: value + term − ⊥term in
 * one operation, and whatever `term` holds, infinities among it, leaves the value alone.
 */
export function attach(value: tf.Tensor, term: tf.Tensor): tf.Tensor {
  const both = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => ({
    value: tf.clone(args[0] as tf.Tensor), // tfjs types the two inputs and its own `save` as one list
    // tfjs disposes what it adds up, so each input needs a tensor of its own
    gradFunc: (dy: tf.Tensor) => [tf.clone(dy), tf.clone(dy)],
  }));
  return madeBy('elementwise', both(value, term));
}
