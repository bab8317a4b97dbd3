/**
 * Student's t; all take numbers, arrays or tensors, which broadcast. Large degrees of freedom ν go over to the normal
 * distribution.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  studentTCdfKernel,
  studentTLogCdfKernel,
  studentTLogDensityKernel,
  studentTQuantileKernel,
  studentTSampleDerivativeKernel,
  studentTScoreKernel,
  studentTSlopeKernel,
} from './kernels.js';

/** ln Γ((ν + 1)/2) − ln Γ(ν/2) − ½ ln(νπ) − (ν + 1)/2 · ln(1 + z²/ν), the logarithm of the density, for ν > 0. */
export function studentTLogDensity(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTLogDensity', studentTLogDensityKernel, {z, df});
}

/** −(ν + 1) z / (ν + z²), its derivative by z. */
export function studentTSlope(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTSlope', studentTSlopeKernel, {z, df});
}

/** Its derivative by ν. */
export function studentTScore(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTScore', studentTScoreKernel, {z, df});
}

/** P(T < z); its complement is that of −z. */
export function studentTCdf(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTCdf', studentTCdfKernel, {z, df});
}

/** ln P(T < z). */
export function studentTLogCdf(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTLogCdf', studentTLogCdfKernel, {z, df});
}

/** The z with P(T < z) = p. */
export function studentTQuantile(p: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTQuantile', studentTQuantileKernel, {p, df});
}

/**
 * dz/dν for a draw z at a fixed quantile, −(∂P(T < z)/∂ν) / p(z) (Figurnov et al. 2018, equation 5), relative to the
 * density at z.
 */
export function studentTSampleDerivative(df: MathInput, z: MathInput): tf.Tensor {
  return apply('studentTSampleDerivative', studentTSampleDerivativeKernel, {df, z});
}
