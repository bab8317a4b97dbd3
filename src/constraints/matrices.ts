/** Constraints of square matrices in the two last axes. */
import * as tf from '@tensorflow/tfjs-core';
import {choleskyFactor} from '../kernels/linalg/scalar.js';
import {select} from '../math/numerics.js';
import {ofMatrices} from './constraint.js';

/** The diagonals of the matrices in the two last axes. */
function diagonal(x: tf.Tensor): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  return tf.sum(tf.mul(x, tf.eye(n)), -1);
}

/** Whether the matrices are 0 above their diagonals, and > 0 on them. */
function isLowerTriangularPositive(x: tf.Tensor): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  const column = tf.range(0, n);
  const upper = tf.cast(tf.less(tf.expandDims(column, -1), column), 'float32');
  const zeros = tf.all(tf.equal(tf.mul(x, upper), 0), [x.rank - 2, x.rank - 1]);
  return tf.logicalAnd(zeros, tf.all(tf.greater(diagonal(x), 0), -1));
}

/** Lower triangular matrices, > 0 on the diagonal: Cholesky factors. */
export const lowerTriangularPositive = /* @__PURE__ */ ofMatrices({
  name: 'lowerTriangularPositive',
  rule: 'a square lower triangular matrix with a diagonal > 0',
  test: rows => rows.every((row, i) => row.every((a, j) => j < i || (j === i ? a > 0 : a === 0))),
  contains: isLowerTriangularPositive,
  settle: x =>
    select(tf.expandDims(tf.expandDims(isLowerTriangularPositive(x), -1), -1), x, tf.eye(x.shape[x.rank - 1]!)),
});

/**
 * Symmetric positive definite matrices. What is checked of a tensor is symmetry and a positive diagonal; the
 * factorisation finds the rest.
 */
export const positiveDefinite = /* @__PURE__ */ ofMatrices({
  name: 'positiveDefinite',
  rule: 'a symmetric positive definite matrix',
  test: rows =>
    rows.every((row, i) => row.every((a, j) => Math.abs(a - rows[j]![i]!) <= 1e-5 * Math.abs(a))) &&
    hasCholeskyFactor(rows),
  contains: x => {
    const axes = [...Array.from({length: x.rank - 2}, (_, i) => i), x.rank - 1, x.rank - 2];
    const error = tf.abs(tf.sub(x, tf.transpose(x, axes)));
    const symmetric = tf.all(tf.lessEqual(error, tf.mul(tf.abs(x), 1e-5)), [x.rank - 2, x.rank - 1]);
    return tf.logicalAnd(symmetric, tf.all(tf.greater(diagonal(x), 0), -1));
  },
});

function hasCholeskyFactor(rows: readonly number[][]): boolean {
  const n = rows.length;
  return choleskyFactor(rows.flat(), new Float32Array(n * n), 0, n, new Float64Array(n * n)) === null;
}
