/**
 * Modified Bessel functions of the first kind, scaled so that they do not overflow; all take numbers, arrays or
 * tensors.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {i0eKernel, i0eMomentKernel, i1eKernel} from './kernels.js';

/** e^{−|x|} I₀(x). Its derivative at 0 is taken as 0. */
export function i0e(x: MathInput): tf.Tensor {
  return apply('i0e', i0eKernel, {x});
}

/** e^{−|x|} I₁(x). */
export function i1e(x: MathInput): tf.Tensor {
  return apply('i1e', i1eKernel, {x});
}

/**
 * 1/π ∫ (1 − cos θ)ⁿ e^{−|x|(1 − cos θ)} dθ over [0, π], for a whole n >= 0: for x > 0, (−1)ⁿ times derivative n of
 * i0e. Not differentiable in n.
 */
export function i0eMoment(x: MathInput, n: MathInput): tf.Tensor {
  return apply('i0eMoment', i0eMomentKernel, {x, n});
}
