/** The beta density and its derivatives; all take numbers, arrays or tensors, which broadcast. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {betaLogDensityKernel, betaScoreAKernel, betaScoreBKernel, betaSlopeKernel} from './kernels.js';

/**
 * (a − 1) ln x + (b − 1) ln(1 − x) − ln B(a, b), the logarithm of the beta density, for 0 <= x <= 1; at 0 and 1 its
 * limits. Where a + b is large, GPUs compute it around the peak (Loader 2000, "Fast and accurate computation of
 * binomial probabilities").
 */
export function betaLogDensity(x: MathInput, a: MathInput, b: MathInput): tf.Tensor {
  return apply('betaLogDensity', betaLogDensityKernel, {x, a, b});
}

/** (a − 1)/x − (b − 1)/(1 − x), its derivative by x. */
export function betaSlope(x: MathInput, a: MathInput, b: MathInput): tf.Tensor {
  return apply('betaSlope', betaSlopeKernel, {x, a, b});
}

/** ln x − ψ(a) + ψ(a + b), its derivative by a. */
export function betaScoreA(x: MathInput, a: MathInput, b: MathInput): tf.Tensor {
  return apply('betaScoreA', betaScoreAKernel, {x, a, b});
}

/** ln(1 − x) − ψ(b) + ψ(a + b), its derivative by b. */
export function betaScoreB(x: MathInput, a: MathInput, b: MathInput): tf.Tensor {
  return apply('betaScoreB', betaScoreBKernel, {x, a, b});
}
