/** Student's t; all take numbers, arrays or tensors, which broadcast. Large degrees of freedom ν go over to the normal distribution. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from './apply.js';

/** ln Γ((ν + 1)/2) − ln Γ(ν/2) − ½ ln(νπ) − (ν + 1)/2 · ln(1 + z²/ν), the logarithm of the density, for ν > 0. */
export function studentTLogDensity(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTLogDensity', 'StStudentTLogDensity', {z, df});
}

/** −(ν + 1) z / (ν + z²), its derivative by z. */
export function studentTSlope(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTSlope', 'StStudentTSlope', {z, df});
}

/** Its derivative by ν. */
export function studentTScore(z: MathInput, df: MathInput): tf.Tensor {
  return apply('studentTScore', 'StStudentTScore', {z, df});
}
