/**
 * The error function's family and the standard normal distribution, right in both tails; all take numbers, arrays or
 * tensors.
 */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../../util/numbers.js';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  erfKernel,
  erfcKernel,
  erfcxDerivativeKernel,
  erfcxKernel,
  erfinvKernel,
  erfinvSlopeKernel,
  expNegSquareKernel,
  logNdtrKernel,
  ndtrKernel,
  ndtriKernel,
  ndtriSlopeKernel,
  normalDensityKernel,
  normalHazardExcessKernel,
  normalHazardKernel,
} from './kernels.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/**
 * erf(x) = 2/√π ∫₀ˣ e^{−t²} dt.
 * @example
 * ```ts
 * st.math.erf([0, 1]); // [0, 0.8427]
 * ```
 */
export function erf(x: MathInput): tf.Tensor {
  return apply('erf', erfKernel, {x});
}

/** erfc(x) = 1 − erf(x). */
export function erfc(x: MathInput): tf.Tensor {
  return apply('erfc', erfcKernel, {x});
}

/** erfcx(x) = e^{x²} erfc(x). */
export function erfcx(x: MathInput): tf.Tensor {
  return apply('erfcx', erfcxKernel, {x});
}

/** Derivative n >= 0 of erfcx; not differentiable in n. */
export function erfcxDerivative(x: MathInput, n: MathInput): tf.Tensor {
  return apply('erfcxDerivative', erfcxDerivativeKernel, {x, n});
}

/** The x with erf(x) = y, for y in [−1, 1]; ∓∞ at the ends. */
export function erfinv(y: MathInput): tf.Tensor {
  return apply('erfinv', erfinvKernel, {y});
}

/** Φ(x), the standard normal cdf. */
export function ndtr(x: MathInput): tf.Tensor {
  return apply('ndtr', ndtrKernel, {x});
}

/** ln Φ(x). */
export function logNdtr(x: MathInput): tf.Tensor {
  return apply('logNdtr', logNdtrKernel, {x});
}

/**
 * Φ⁻¹(p), for p in [0, 1]; ∓∞ at the ends.
 * @example
 * ```ts
 * st.math.ndtri([0.5, 0.975]); // [0, 1.9600]
 * ```
 */
export function ndtri(p: MathInput): tf.Tensor {
  return apply('ndtri', ndtriKernel, {p});
}

/** ln φ(x) = −x²/2 − ln √(2π). */
export function logDensity(x: MathInput): tf.Tensor {
  return tf.tidy(() => tf.sub(tf.mul(tf.square(floatTensor('logDensity', 'x', x)), -0.5), HALF_LOG_2PI));
}

/** φ(x) = e^{−x²/2}/√(2π). */
export function normalDensity(x: MathInput): tf.Tensor {
  return apply('density', normalDensityKernel, {x});
}

/** e^{−x²}, also where rounding x² would show. */
export function expNegSquare(x: MathInput): tf.Tensor {
  return apply('expNegSquare', expNegSquareKernel, {x});
}

/** φ(x)/Φ(x), the derivative of ln Φ: the inverse of Mills' ratio at −x. */
export function hazard(x: MathInput): tf.Tensor {
  return apply('hazard', normalHazardKernel, {x});
}

/** x + φ(x)/Φ(x), exact in the lower tail, where it tends to −1/x. */
export function hazardExcess(x: MathInput): tf.Tensor {
  return apply('hazardExcess', normalHazardExcessKernel, {x});
}

/** 1/φ(Φ⁻¹(p)), the derivative of Φ⁻¹. */
export function ndtriSlope(p: MathInput): tf.Tensor {
  return apply('ndtriSlope', ndtriSlopeKernel, {p});
}

/** √π/2 e^{x²} at x = erfinv(y), the derivative of erfinv. */
export function erfinvSlope(y: MathInput): tf.Tensor {
  return apply('erfinvSlope', erfinvSlopeKernel, {y});
}
