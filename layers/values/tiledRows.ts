/** Examples that stand in a batch several times, once for each draw. */
import * as tf from '@tensorflow/tfjs-core';

/** Rows `from` and so many after it, all of them as often as there are samples: `[samples · many, …]`. */
export function tiledRows(t: tf.Tensor, from: number, many: number, samples: number): tf.Tensor {
  return tf.tidy(() => tf.tile(tf.slice(t, from, many), [samples, ...t.shape.slice(1).map(() => 1)]));
}
