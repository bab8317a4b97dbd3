/** Values of (0, 1) that rounding has taken to an end. */
import * as tf from '@tensorflow/tfjs-core';

/** The smallest normal float32, and the largest one below 1. */
const [SMALLEST, LARGEST] = [1.1754943508222875e-38, 1 - 2 ** -24];

/** x in [0, 1] held off the ends, where densities may be infinite. */
export function insideUnitInterval(x: tf.Tensor): tf.Tensor {
  return tf.clipByValue(x, SMALLEST, LARGEST);
}
