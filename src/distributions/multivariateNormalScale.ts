/** The factor L of a normal distribution's covariance L·Lᵀ, as a diagonal or as a lower triangular matrix. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {isSuffix, triangularSolve} from '../kernels/linalg/functions.js';
import {products} from '../kernels/linalg/operations.js';
import {diagonalOf, lowerTriangleOf} from '../kernels/linalg/triangles.js';

/**
 * What a multivariate normal asks of L, for vectors [sample…, batch…, n]. Its methods make tensors: call them in a
 * tidy.
 */
export interface ScaleMatrix {
  /** Lᵢᵢ, [batch…, n]. */
  diagonal(): tf.Tensor;
  /** L without anything above its diagonal, [batch…, n, n]. */
  matrix(): tf.Tensor;
  /** L·v. */
  times(v: tf.Tensor): tf.Tensor;
  /** |L⁻¹v|², without v's last axis. */
  squares(v: tf.Tensor): tf.Tensor;
  /** L⁻¹m for matrices m of [batch…, n, n]. */
  solve(m: tf.Tensor): tf.Tensor;
  /** The diagonal of L·Lᵀ. */
  variance(): tf.Tensor;
  stddev(): tf.Tensor;
  /** L·Lᵀ. */
  covariance(): tf.Tensor;
  /** Whether L is its diagonal. */
  readonly isDiagonal: boolean;
}

/** L = diag(s), s: [batch…, n]. */
export class DiagonalScale implements ScaleMatrix {
  readonly isDiagonal = true;

  constructor(private readonly s: tf.Tensor) {}

  diagonal() {
    return this.s;
  }

  matrix() {
    return diagonalMatrix(this.s);
  }

  times(v: tf.Tensor) {
    return tf.mul(v, this.s);
  }

  squares(v: tf.Tensor) {
    return tf.sum(tf.square(tf.div(v, this.s)), -1);
  }

  solve(m: tf.Tensor) {
    return tf.div(m, tf.expandDims(this.s, -1));
  }

  variance() {
    return tf.square(this.s);
  }

  stddev() {
    return this.s;
  }

  covariance() {
    return diagonalMatrix(this.variance());
  }
}

/** A lower triangular L: [batch…, n, n]. What stands above the diagonal is ignored, unless it is known to be 0. */
export class TriangularScale implements ScaleMatrix {
  readonly isDiagonal = false;

  constructor(
    private readonly l: tf.Tensor,
    private readonly isClean: boolean,
  ) {}

  diagonal() {
    return diagonalOf(this.l);
  }

  matrix() {
    return this.isClean ? this.l : lowerTriangleOf(this.l);
  }

  times(v: tf.Tensor) {
    return timesVector(this.matrix(), v);
  }

  squares(v: tf.Tensor) {
    const z = triangularSolve(this.l, tf.expandDims(v, -1));
    const squares = products(z, z, true);
    return tf.reshape(squares, squares.shape.slice(0, -2));
  }

  solve(m: tf.Tensor) {
    return triangularSolve(this.l, m);
  }

  variance() {
    return tf.sum(tf.square(this.matrix()), -1);
  }

  stddev() {
    return tf.sqrt(this.variance());
  }

  covariance() {
    const l = this.matrix();
    return products(l, l, false, true);
  }
}

/** The matrices with the vectors s as their diagonals. */
function diagonalMatrix(s: tf.Tensor): tf.Tensor {
  const n = s.shape[s.rank - 1]!;
  const rows = tf.reshape(s, [-1, 1, n]);
  return tf.reshape(tf.mul(rows, tf.eye(n)), [...s.shape, n]);
}

/**
 * l·v for each vector v: [sample…, batch…, n] and matrices l of fewer or equal batch axes, as one product of matrices.
 */
function timesVector(l: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const n = v.shape[v.rank - 1]!;
  if (v.size === 0) return v;
  const batch = v.shape.slice(0, -1);
  const matrices = isSuffix(l.shape.slice(0, -2), batch) ? l : grow(l, [...batch, n, n]);
  const count = sizeOf(matrices.shape) / (n * n);
  const repeats = v.size / (count * n);
  const stacked = tf.reshape(matrices, [count, n, n]);
  if (repeats === 1) return tf.reshape(products(stacked, tf.reshape(v, [count, n, 1])), v.shape);
  if (count === 1)
    return tf.reshape(products(tf.reshape(v, [repeats, n]), tf.reshape(stacked, [n, n]), false, true), v.shape);
  const rows = tf.transpose(tf.reshape(v, [repeats, count, n]), [1, 0, 2]);
  return tf.reshape(tf.transpose(products(rows, stacked, false, true), [1, 0, 2]), v.shape);
}
