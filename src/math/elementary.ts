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
