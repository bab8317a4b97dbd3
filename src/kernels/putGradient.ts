/**
 * Gradients that can be differentiated again.
 *
 * Control variates (LAX, RELAX) differentiate the square of a gradient, so every kernel of the user's network needs an
 * exact second derivative. tfjs registers gradients for first derivatives: those that save a kernel's output lose the
 * path to its input, and others use kernels that have no gradient at all. The library's take their place; first
 * derivatives are the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import type {Answering} from './attributes.js';

/** Puts a gradient in place, unless it is there, or there under one that also tells its attributes. */
export function putGradient(wanted: tf.GradConfig): void {
  const current = tf.getGradient(wanted.kernelName) as tf.GradConfig | undefined; // tfjs's type leaves out the unregistered
  if (current === wanted || (current as Answering | undefined)?.asked === wanted) return;
  if (current !== undefined) tf.unregisterGradient(wanted.kernelName);
  tf.registerGradient(wanted);
}

/**
 * For entries that are about to differentiate, after `ensureKernels`: throws if tfjs-core is loaded without gradients
 * of its own, as its CommonJS bundle is.
 */
export function checkGradientsRegistered(): void {
  if (tf.getGradient(tf.Multiply) === undefined) {
    fail(
      'tfjs-stochastic',
      "tfjs-core alone registers no gradients; import '@tensorflow/tfjs' or '@tensorflow/tfjs-layers' first",
    );
  }
}
