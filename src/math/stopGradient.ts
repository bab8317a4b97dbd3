import * as tf from '@tensorflow/tfjs-core';

/**
 * Returns x as a constant: the same values, with no path back to x for derivatives of any order.
 *
 * The result is a new tensor that shares x's data. It may be of any dtype and may be made inside or outside a gradient scope.
 */
export function stopGradient(x: tf.Tensor): tf.Tensor {
  // A custom gradient without inputs: the tape has no edge from the result to x, so there is nothing to compute.
  const cut = tf.customGrad(() => ({value: tf.clone(x), gradFunc: () => []}));
  return cut();
}
