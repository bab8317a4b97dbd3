/** What the von Mises distribution has beside its density and its cdf; tensors that broadcast. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {vonMisesDrawKernel, vonMisesKlKernel, vonMisesQuantileKernel} from './kernels.js';

/**
 * ln I₀(b) − ln I₀(a) − (b − a) I₁(a)/I₀(a): the divergence of the distributions with concentrations a and b and one
 * location.
 */
export const vonMisesKl = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => apply('vonMisesKl', vonMisesKlKernel, {a, b});

/** The z of [−π, π] at which the cdf of location 0 is p. */
export const vonMisesQuantile = (p: tf.Tensor, concentration: tf.Tensor): tf.Tensor =>
  apply('vonMisesQuantile', vonMisesQuantileKernel, {p, concentration});

/**
 * The draw z itself, as the function of the concentration that keeps its quantile: its derivative is −(∂F/∂κ)/p. A
 * constant in z.
 */
export const vonMisesDraw = (concentration: tf.Tensor, z: tf.Tensor): tf.Tensor =>
  apply('VonMises', vonMisesDrawKernel, {concentration, z});
