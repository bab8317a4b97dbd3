/** Elementary functions that lose nothing near their zeros; all take numbers, arrays or tensors, which broadcast. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  expm1Kernel,
  expm1mxKernel,
  log1mexpExpKernel,
  log1mexpKernel,
  log1pKernel,
  log1pmxKernel,
  logAddExpKernel,
  logKernel,
  logNegLog1mexpKernel,
  softplusInverseKernel,
  xlog1pyKernel,
  xlogyKernel,
} from './kernels.js';

/** e^x − 1. */
export function expm1(x: MathInput): tf.Tensor {
  return apply('expm1', expm1Kernel, {x});
}

/** ln(1 + x), for x >= −1. */
export function log1p(x: MathInput): tf.Tensor {
  return apply('log1p', log1pKernel, {x});
}

/** ln(1 + x) − x, for x >= −1; −x²/2 near 0. */
export function log1pmx(x: MathInput): tf.Tensor {
  return apply('log1pmx', log1pmxKernel, {x});
}

/** e^x − 1 − x, never negative; x²/2 near 0. */
export function expm1mx(x: MathInput): tf.Tensor {
  return apply('expm1mx', expm1mxKernel, {x});
}

/**
 * ln x, −∞ at 0 on every backend (the logarithm of a GPU may give about −88 there), where its derivative is taken as 0.
 */
export function safeLog(x: MathInput): tf.Tensor {
  return apply('safeLog', logKernel, {x});
}

/**
 * x ln y for y >= 0, and 0 where x is 0, whatever y is but NaN. Where both are 0, so are the derivatives.
 * @example
 * ```ts
 * st.math.xlogy([0, 2], [0, 3]); // [0, 2.1972]
 * ```
 */
export function xlogy(x: MathInput, y: MathInput): tf.Tensor {
  return apply('xlogy', xlogyKernel, {x, y});
}

/**
 * x ln(1 + y) for y >= −1, and 0 where x is 0, whatever y is but NaN. Where x is 0 and y is −1, the derivatives are 0.
 */
export function xlog1py(x: MathInput, y: MathInput): tf.Tensor {
  return apply('xlog1py', xlog1pyKernel, {x, y});
}

/** ln(1 − e^{−|x|}); at 0 it is −∞, and its derivative is taken as 0. */
export function log1mexp(x: MathInput): tf.Tensor {
  return apply('log1mexp', log1mexpKernel, {x});
}

/**
 * ln(1 − e^{−e^x}), near x where e^x is too small for a number; what a logarithm of a cdf is to that of its cumulative
 * hazard.
 */
export function log1mexpExp(x: MathInput): tf.Tensor {
  return apply('log1mexpExp', log1mexpExpKernel, {x});
}

/** ln(−ln(1 − e^x)) for x <= 0: the logarithm of the hazard of a set of probability e^x. */
export function logNegLog1mexp(x: MathInput): tf.Tensor {
  return apply('logNegLog1mexp', logNegLog1mexpKernel, {x});
}

/** ln(e^a + e^b). */
export function logAddExp(a: MathInput, b: MathInput): tf.Tensor {
  return apply('logAddExp', logAddExpKernel, {a, b});
}

/** ln(e^x − 1), for x >= 0: the x whose softplus is given. */
export function softplusInverse(x: MathInput): tf.Tensor {
  return apply('softplusInverse', softplusInverseKernel, {x});
}
