/** Cutting a tensor off from autodiff; tfjs has no op for it. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import {checkAlive} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';

/** What each result of `stopGradient` was made from: influence passes where derivatives do not. */
const sources = new WeakMap<tf.Tensor, tf.Tensor>();

/**
 * Returns x as a constant: the same values, with no path back to x for derivatives of any order.
 *
 * The result is a new tensor that shares x's data. It may be of any dtype and may be made inside or outside a gradient
 * scope. Only derivatives are stopped: a cost computed from the result still counts as downstream of the random nodes
 * behind x.
 * @example
 * ```ts
 * tf.grad(x => tf.mul(x, st.stopGradient(x)))(tf.scalar(3)); // 3
 * ```
 */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  if (!isTensor(x)) fail('stopGradient', 'needs a tensor', x);
  checkAlive('stopGradient', 'the tensor', x);
  const y = detach(x);
  sources.set(y, x);
  return y;
}

/** As `stopGradient`, and influence is cut as well: for the library's own constants. */
export function detach<T extends tf.Tensor>(x: T): T {
  // A custom gradient without inputs: the tape has no edge from the result to x, so there is nothing to compute.
  const cut = tf.customGrad(() => ({value: tf.clone(x), gradFunc: () => []}));
  return cut(); // a clone has the rank of its source
}

/**
 * What `make` computes, as constants: none of its kernels is recorded, which saves time and memory. `make` must return
 * tensors that it made itself. They are kept; the caller disposes them.
 */
export function constants(make: () => tf.Tensor[]): tf.Tensor[] {
  let made: tf.Tensor[] = [];
  // The engine records a custom operation as one kernel, whatever runs inside.
  const run = tf.customGrad(() => {
    made = make();
    made.forEach(t => tf.keep(t));
    return {value: tf.scalar(0), gradFunc: () => []};
  });
  run().dispose();
  return made;
}

/** As `constants`, but what comes back belongs to the surrounding tidy. */
export function unrecorded(make: () => tf.Tensor[]): tf.Tensor[] {
  const kept = constants(make);
  const handed = kept.map(t => tf.clone(t));
  tf.dispose(kept);
  return handed;
}

/**
 * x as a tensor that was made of `source` as well, of the same shape: influence passes from it to `source`, derivatives
 * pass to x alone.
 */
export function influencedBy(x: tf.Tensor, source: tf.Tensor): tf.Tensor {
  const y = tf.clone(x);
  sources.set(y, source);
  return y;
}

/** The tensor that `stopGradient` made `y` from, if it did. */
export function stopGradientSource(y: tf.Tensor): tf.Tensor | undefined {
  return sources.get(y);
}
