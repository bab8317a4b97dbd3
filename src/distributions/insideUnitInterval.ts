/** Values of (0, 1) that rounding has taken to an end. */
import * as tf from '@tensorflow/tfjs-core';
import {unlessNaN} from '../functions/guards/index.js';

/** The smallest normal float32, and the largest one below 1. */
const [SMALLEST, LARGEST] = [1.1754943508222875e-38, 1 - 2 ** -24];

/**
 * x in [0, 1] held off the ends, where densities may be infinite; NaN where `from` is, of which x was made: some
 * backends clip NaN as a number, or have another exponential of it.
 */
export function insideUnitInterval(x: tf.Tensor, from: tf.Tensor): tf.Tensor {
  return unlessNaN(tf.clipByValue(x, SMALLEST, LARGEST), from);
}
