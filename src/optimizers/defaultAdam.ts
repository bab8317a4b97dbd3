import * as tf from '@tensorflow/tfjs-core';

/**
 * The default optimizer of this library: Adam with the epsilon that tfjs takes where floats are of 32 bits. Left to
 * itself it takes 1e-4 on webgl and so trains otherwise there.
 */
export function defaultAdam(learningRate: number): tf.AdamOptimizer {
  return tf.train.adam(learningRate, 0.9, 0.999, 1e-7);
}
