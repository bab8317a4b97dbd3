/**
 * The regularised incomplete beta function, the cdf of the beta distribution, with its complement, logarithms, inverse
 * and derivatives; all take numbers, arrays or tensors, which broadcast, for a, b > 0 and 0 <= x <= 1 (else NaN). Each
 * tail keeps its relative accuracy where it is small. Values by the continued fraction DLMF 8.17.22, and for large a +
 * b, derivatives and GPUs by the integral in tailScalar.ts.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  betaincInvKernel,
  betaSampleDerivativeAKernel,
  betaSampleDerivativeBKernel,
  lowerShareKernels,
  upperShareKernels,
} from './kernels.js';

/**
 * I_x(a, b) = ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt / B(a, b).
 * @example
 * ```ts
 * st.math.betainc(2, 3, 0.5); // 0.6875
 * ```
 */
export function betainc(a: MathInput, b: MathInput, x: MathInput): tf.Tensor {
  return apply('betainc', lowerShareKernels.share, {a, b, x});
}

/** 1 − I_x(a, b), right where it is small. */
export function betaincc(a: MathInput, b: MathInput, x: MathInput): tf.Tensor {
  return apply('betaincc', upperShareKernels.share, {a, b, x});
}

/** ln I_x(a, b). */
export function logBetainc(a: MathInput, b: MathInput, x: MathInput): tf.Tensor {
  return apply('logBetainc', lowerShareKernels.log, {a, b, x});
}

/** ln(1 − I_x(a, b)). */
export function logBetaincc(a: MathInput, b: MathInput, x: MathInput): tf.Tensor {
  return apply('logBetaincc', upperShareKernels.log, {a, b, x});
}

/** The x with I_x(a, b) = p. */
export function betaincInv(a: MathInput, b: MathInput, p: MathInput): tf.Tensor {
  return apply('betaincInv', betaincInvKernel, {a, b, p});
}

/**
 * dz/da for a beta draw z at a fixed quantile, −(∂I_z(a, b)/∂a) / p(z) (Figurnov et al. 2018, equation 5); computed
 * relative to the density at z, so that nothing underflows.
 */
export function betaSampleDerivativeA(a: MathInput, b: MathInput, z: MathInput): tf.Tensor {
  return apply('betaSampleDerivativeA', betaSampleDerivativeAKernel, {a, b, x: z});
}

/** dz/db, as `betaSampleDerivativeA`. */
export function betaSampleDerivativeB(a: MathInput, b: MathInput, z: MathInput): tf.Tensor {
  return apply('betaSampleDerivativeB', betaSampleDerivativeBKernel, {a, b, x: z});
}
