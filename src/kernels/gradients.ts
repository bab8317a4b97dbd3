/**
 * Gradients that can be differentiated again.
 *
 * Control variates (LAX, RELAX) differentiate the square of a gradient, so every kernel of the user's network needs an
 * exact second derivative. tfjs registers gradients for first derivatives: those that save a kernel's output lose the
 * path to its input, and others use kernels that have no gradient at all. The ones below take their place; first
 * derivatives are the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import {compositeGradients} from './gradients/composite.js';
import {gatherGradients} from './gradients/gather.js';
import {logicalGradients} from './gradients/logical.js';
import {moveGradients} from './gradients/moves.js';
import {piecewiseGradients} from './gradients/piecewise.js';
import {productGradients} from './gradients/products.js';
import {quotientGradients} from './gradients/quotients.js';
import {separableGradients} from './gradients/separable.js';
import {smoothGradients} from './gradients/smooth.js';
import {spatialGradients} from './gradients/spatial.js';
import {KERNELS_WITH_ATTRIBUTES, withAttributes} from './attributes.js';

const gradients: readonly tf.GradConfig[] = [
  ...smoothGradients,
  ...piecewiseGradients,
  ...logicalGradients,
  ...productGradients,
  ...quotientGradients,
  ...moveGradients,
  ...spatialGradients,
  ...separableGradients,
  ...gatherGradients,
  ...compositeGradients,
].map(gradient => (KERNELS_WITH_ATTRIBUTES.includes(gradient.kernelName) ? withAttributes(gradient) : gradient));

/** Those of the list above that tfjs differentiates well enough, so that its own gradients are asked. */
const left: readonly string[] = KERNELS_WITH_ATTRIBUTES.filter(
  name => !gradients.some(({kernelName}) => kernelName === name),
);

/**
 * Puts the library's gradients in place; a few microseconds when they already are.
 *
 * tfjs-layers and the union package register tfjs's own gradients when they load, over whatever was there, so this runs
 * at every entry that opens or joins a gradient scope and not only once.
 */
export function ensureGradients(): void {
  for (const gradient of gradients) {
    const current = tf.getGradient(gradient.kernelName);
    if (current === gradient) continue;
    if (current !== undefined) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
  for (const name of left) {
    const current = tf.getGradient(name);
    const wanted = current === undefined ? undefined : withAttributes(current);
    if (wanted === undefined || wanted === current) continue;
    tf.unregisterGradient(name);
    tf.registerGradient(wanted);
  }
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
