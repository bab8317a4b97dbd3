/** Parts of square matrices. */
import * as tf from '@tensorflow/tfjs-core';

/** The diagonals of square matrices: [batch…, n, n] → [batch…, n]. Call it in a tidy. */
export function diagonalOf(x: tf.Tensor): tf.Tensor {
  return tf.sum(
    masked(x, (i, j) => (i === j ? 1 : 0)),
    -1,
  );
}

/** Square matrices with zeros above the diagonal. Call it in a tidy. */
export function lowerTriangleOf(x: tf.Tensor): tf.Tensor {
  return masked(x, (i, j) => (i >= j ? 1 : 0));
}

/** x: [batch…, n, n], each element times weight(row, column). Call it in a tidy. */
export function masked(x: tf.Tensor, weight: (row: number, column: number) => number): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  const weights = tf.tensor2d(
    Float32Array.from({length: n * n}, (_, i) => weight(Math.floor(i / n), i % n)),
    [n, n],
  );
  if (x.rank <= 4) return tf.mul(x, weights);
  return tf.reshape(tf.mul(tf.reshape(x, [-1, n, n]), weights), x.shape); // GPUs broadcast up to rank 4
}
