/** Draws made differentiable functions of the parameters by the cdf alone. */
import * as tf from '@tensorflow/tfjs-core';
import {stopGradient} from '../math/stopGradient.js';

/**
 * The draw z as the number x(θ) at which the cdf F(x; θ) keeps its value F(z; θ): dx/dθ = −(∂F/∂θ) / p (Figurnov et al.
 * 2018, "Implicit reparameterization gradients", equation 5). z is returned as it is.
 *
 * Two steps of Newton's method for F(x; θ) = F(z; θ), which change nothing in value since z solves it already: each
 * doubles the number of derivatives that are right, so x has three. Call it in a tidy.
 */
export function implicitSample(
  z: tf.Tensor,
  cdf: (x: tf.Tensor) => tf.Tensor,
  density: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const start = stopGradient(z);
  const here = cdf(start);
  const level = stopGradient(here);
  const first = tf.sub(start, tf.div(tf.sub(here, level), density(start)));
  return tf.sub(first, tf.div(tf.sub(cdf(first), level), density(first)));
}
