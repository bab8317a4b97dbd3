/** Elementary functions that lose nothing near their zeros; all take numbers, arrays or tensors, which broadcast. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from './apply.js';

/** e^x − 1. */
export function expm1(x: MathInput): tf.Tensor {
  return apply('expm1', 'StExpm1', {x});
}

/** ln(1 + x), for x >= −1. */
export function log1p(x: MathInput): tf.Tensor {
  return apply('log1p', 'StLog1p', {x});
}

/** ln(1 + x) − x, for x >= −1; −x²/2 near 0. */
export function log1pmx(x: MathInput): tf.Tensor {
  return apply('log1pmx', 'StLog1pmx', {x});
}

/** e^x − 1 − x, never negative; x²/2 near 0. */
export function expm1mx(x: MathInput): tf.Tensor {
  return apply('expm1mx', 'StExpm1mx', {x});
}

/** ln x, −∞ at 0 on every backend (the logarithm of a GPU may give about −88 there), where its derivative is taken as 0. */
export function safeLog(x: MathInput): tf.Tensor {
  return apply('safeLog', 'StLog', {x});
}

/** x ln y for y >= 0, and 0 where x is 0, whatever y is but NaN. Where both are 0, so are the derivatives. */
export function xlogy(x: MathInput, y: MathInput): tf.Tensor {
  return apply('xlogy', 'StXlogy', {x, y});
}

/** x ln(1 + y) for y >= −1, and 0 where x is 0, whatever y is but NaN. Where x is 0 and y is −1, the derivatives are 0. */
export function xlog1py(x: MathInput, y: MathInput): tf.Tensor {
  return apply('xlog1py', 'StXlog1py', {x, y});
}

/** ln(1 − e^{−|x|}); at 0 it is −∞, and its derivative is taken as 0. */
export function log1mexp(x: MathInput): tf.Tensor {
  return apply('log1mexp', 'StLog1mexp', {x});
}

/** ln(1 − e^{−e^x}), near x where e^x is too small for a number; what a logarithm of a cdf is to that of its cumulative hazard. */
export function log1mexpExp(x: MathInput): tf.Tensor {
  return apply('log1mexpExp', 'StLog1mexpExp', {x});
}

/** ln(−ln(1 − e^x)) for x <= 0: the logarithm of the hazard of a set of probability e^x. */
export function logNegLog1mexp(x: MathInput): tf.Tensor {
  return apply('logNegLog1mexp', 'StLogNegLog1mexp', {x});
}

/** ln(e^a + e^b). */
export function logAddExp(a: MathInput, b: MathInput): tf.Tensor {
  return apply('logAddExp', 'StLogAddExp', {a, b});
}

/** ln(e^x − 1), for x >= 0: the x whose softplus is given. */
export function softplusInverse(x: MathInput): tf.Tensor {
  return apply('softplusInverse', 'StSoftplusInverse', {x});
}
