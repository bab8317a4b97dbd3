/** Values of (0, 1) that rounding has taken to an end. */
import * as tf from '@tensorflow/tfjs-core';
import {unlessNaN} from '../math/guards.js';

/** The smallest normal float32, and the largest one below 1. */
const [SMALLEST, LARGEST] = [1.1754943508222875e-38, 1 - 2 ** -24];

/** x in [0, 1] held off the ends, where densities may be infinite; NaN stays, which some backends clip as a number. */
export function insideUnitInterval(x: tf.Tensor): tf.Tensor {
  return unlessNaN(tf.clipByValue(x, SMALLEST, LARGEST), x);
}
