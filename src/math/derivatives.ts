/** Derivatives of a tensor that is on the tape already. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * ∂(Σ y)/∂x for tensors x that lie upstream of `y` on the tape; zeros where there is no path. Recorded, so they can be
 * differentiated again. Must run inside the gradient scope that recorded `y`.
 */
export function derivatives(y: tf.Tensor, xs: readonly tf.Tensor[]): tf.Tensor[] {
  const {grads} = tf.engine().gradients(() => y, [...xs], undefined, true) as {
    grads: Array<tf.Tensor | null | undefined>;
  };
  return xs.map((x, i) => grads[i] ?? tf.zeros(x.shape));
}

/** Whether a path of derivatives leads from `y` back to `x`. */
export function isUpstream(x: tf.Tensor, y: tf.Tensor): boolean {
  const {grads} = tf.engine().gradients(() => y, [x], undefined, true) as {grads: Array<tf.Tensor | null | undefined>};
  return x === y || grads[0] != null;
}
