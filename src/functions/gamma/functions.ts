/** The gamma function's family; all take numbers, arrays or tensors, which broadcast. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  digammaKernel,
  gammaDensityKernel,
  gammaLogDensityKernel,
  gammaScoreKernel,
  lbetaKernel,
  lgammaKernel,
  logMinusDigammaKernel,
  poissonLogMassKernel,
  poissonScoreKernel,
  polygammaDifferenceKernel,
  polygammaKernel,
  stirlingErrorDerivativeKernel,
} from './kernels.js';

/**
 * ln |Γ(x)|; ∞ at 0, −1, −2, …
 * @example
 * ```ts
 * st.math.lgamma([3, 5]); // [0.6931, 3.1781]
 * ```
 */
export function lgamma(x: MathInput): tf.Tensor {
  return apply('lgamma', lgammaKernel, {x});
}

/**
 * ψ(x) = d ln Γ(x)/dx; −∞ at 0, NaN at −1, −2, …
 * @example
 * ```ts
 * st.math.digamma(1); // -0.5772
 * ```
 */
export function digamma(x: MathInput): tf.Tensor {
  return apply('digamma', digammaKernel, {x});
}

/** ψ⁽ⁿ⁾(x), the derivative of order n of the digamma function; n = 0, 1, …, 100 has no derivative. */
export function polygamma(n: MathInput, x: MathInput): tf.Tensor {
  return apply('polygamma', polygammaKernel, {n, x});
}

/** ψ⁽ⁿ⁾(x + d) − ψ⁽ⁿ⁾(x) without the cancellation, for x > 0 and x + d > 0; n as in `polygamma`. */
export function polygammaDifference(n: MathInput, x: MathInput, d: MathInput): tf.Tensor {
  return apply('polygammaDifference', polygammaDifferenceKernel, {n, x, d});
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), without the cancellation, for a, b > 0. */
export function lbeta(a: MathInput, b: MathInput): tf.Tensor {
  return apply('lbeta', lbetaKernel, {a, b});
}

/** ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x > 0: about 1/(12x) for large x. */
export function stirlingError(x: MathInput): tf.Tensor {
  return stirlingErrorDerivative(0, x);
}

/** The derivative of order n of `stirlingError`; n = 0, 1, …, 100 has no derivative. */
export function stirlingErrorDerivative(n: MathInput, x: MathInput): tf.Tensor {
  return apply('stirlingError', stirlingErrorDerivativeKernel, {n, x});
}

/** (a − 1) ln x − x − ln Γ(a), the logarithm of the gamma density, for x >= 0 and a > 0. */
export function gammaLogDensity(x: MathInput, a: MathInput): tf.Tensor {
  return apply('gammaLogDensity', gammaLogDensityKernel, {x, a});
}

/** x^(a−1) e^−x / Γ(a), the gamma density: more accurate than the exponential of `gammaLogDensity`. */
export function gammaDensity(x: MathInput, a: MathInput): tf.Tensor {
  return apply('gammaDensity', gammaDensityKernel, {x, a});
}

/** (a − 1)/x − 1, the slope of `gammaLogDensity` in x. */
export function gammaScore(x: MathInput, a: MathInput): tf.Tensor {
  return apply('gammaScore', gammaScoreKernel, {x, a});
}

/** ln x − ψ(a), the slope of `gammaLogDensity` in a, without the cancellation near x = a; for x >= 0 and a > 0. */
export function logMinusDigamma(x: MathInput, a: MathInput): tf.Tensor {
  return apply('logMinusDigamma', logMinusDigammaKernel, {x, a});
}

/** k·logRate − e^logRate − ln Γ(k + 1), the logarithm of Poisson's probabilities, for k >= 0; −∞ below. */
export function poissonLogMass(k: MathInput, logRate: MathInput): tf.Tensor {
  return apply('poissonLogMass', poissonLogMassKernel, {k, logRate});
}

/** k − e^logRate, the slope of `poissonLogMass` in logRate, without the cancellation. */
export function poissonScore(k: MathInput, logRate: MathInput): tf.Tensor {
  return apply('poissonScore', poissonScoreKernel, {k, logRate});
}
