/** The standard Cauchy distribution and that of its absolute values, for the families of src/distributions. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {
  cauchyCdfKernel,
  cauchyLogDensityKernel,
  cauchyQuantileKernel,
  halfCauchyCdfKernel,
  halfCauchyQuantileKernel,
} from './kernels.js';

/** −ln π − ln(1 + z²). */
export const cauchyLogDensity = (z: tf.Tensor): tf.Tensor => apply('Cauchy', cauchyLogDensityKernel, {z});

/** F(z) = 1/2 + atan(z)/π, accurate in the lower tail. */
export const cauchyCdf = (z: tf.Tensor): tf.Tensor => apply('Cauchy', cauchyCdfKernel, {z});

/** tan(π(p − 1/2)). */
export const cauchyQuantile = (p: tf.Tensor): tf.Tensor => apply('Cauchy', cauchyQuantileKernel, {p});

/** (2/π) atan(z), z >= 0. */
export const halfCauchyCdf = (z: tf.Tensor): tf.Tensor => apply('HalfCauchy', halfCauchyCdfKernel, {z});

/** tan(πp/2). */
export const halfCauchyQuantile = (p: tf.Tensor): tf.Tensor => apply('HalfCauchy', halfCauchyQuantileKernel, {p});
