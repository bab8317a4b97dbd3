/** Quantiles of draws. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * For draws x₍₀₎ ≤ … ≤ x₍ₛ₋₁₎ of each element, at h = p·(s − 1):
 * x₍ₖ₎ + (h − k)(x₍ₖ₊₁₎ − x₍ₖ₎) with k = ⌊h⌋, which is type
 * 7 of Hyndman and Fan (1996), "Sample quantiles in statistical packages", and what NumPy and R do unless told.
 * @param draws `[s, …]`
 * @param ps in [0, 1]
 * @returns `[ps, …]`
 */
export function quantilesOf(draws: tf.Tensor, ps: readonly number[]): tf.Tensor {
  return tf.tidy(() => {
    const [s, ...shape] = draws.shape as [number, ...number[]];
    const size = shape.reduce((product, d) => product * d, 1);
    const rows = tf.transpose(tf.reshape(tf.cast(draws, 'float32'), [s, size]));
    const sorted = tf.neg(tf.topk(tf.neg(rows), s, true).values); // ascending
    const at = (k: number): tf.Tensor => tf.slice(sorted, [0, k], [size, 1]);
    const columns = ps.map(p => {
      const h = p * (s - 1);
      const k = Math.floor(h);
      // without an empty step, which would make NaN of infinite draws
      return h === k ? at(k) : tf.add(tf.mul(at(k), k + 1 - h), tf.mul(at(k + 1), h - k));
    });
    return tf.reshape(tf.transpose(tf.concat(columns, 1)), [ps.length, ...shape]);
  });
}
