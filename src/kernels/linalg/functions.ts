/** Linear algebra for Gaussians: batches of small matrices, differentiable to any order, on every backend. */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../../util/numbers.js';
import {check, fail} from '../../util/errors.js';
import {checkKeys, checkBoolean} from '../../util/options.js';
import {sameShape, sizeOf, tryBroadcast, type Shape} from '../../util/shapes.js';
import type {MathInput} from '../elementwise/apply.js';
import {grow} from '../../math/grow.js';
import {factorize, solveTriangular} from './operations.js';
import {diagonalOf} from './triangles.js';

/**
 * The lower triangular L with positive diagonal and L·Lᵀ = a, for positive definite matrices a: [batch…, n, n] →
 * [batch…, n, n].
 *
 * The symmetric part (a + aᵀ)/2 is factorised, so derivatives are right in every element by itself (Murray 2016,
 * Differentiation of the Cholesky decomposition, section 3).
 * @throws unless a has equal last axes; on cpu, wasm and unknown backends also unless a is positive definite. On webgl
 * and webgpu, where to know it would be to wait for the device, columns from the first pivot that is not positive are
 * NaN.
 * @example
 * ```ts
 * st.math.cholesky([[4, 2], [2, 2]]); // [[2, 0], [1, 1]]
 * ```
 */
export function cholesky(a: MathInput): tf.Tensor {
  return tf.tidy(() => {
    const x = floatTensor('cholesky', 'a', a);
    checkSquare('cholesky', 'a', x);
    return factorize(x);
  });
}

/** Which triangle `triangularSolve` reads, and whether it transposes. */
export interface TriangularSolveOptions {
  /** Whether `l` is lower triangular, or upper. The other triangle is not read. Default true. */
  lower?: boolean;
  /** Whether lᵀ takes the place of l. Default false. */
  adjoint?: boolean;
}

/**
 * x with l·x = b, or lᵀ·x = b if `adjoint`, for triangular l: [batch…, n, n] and [batch…, n, m] → [batch…, n, m]; batch
 * axes broadcast.
 *
 * A zero on the diagonal gives infinities and NaN.
 * @throws unless l has equal last axes, b as many rows, and the batches broadcast
 */
export function triangularSolve(l: MathInput, b: MathInput, options: TriangularSolveOptions = {}): tf.Tensor {
  const who = 'triangularSolve';
  checkKeys(who, options, ['lower', 'adjoint']);
  const {lower = true, adjoint = false} = options;
  checkBoolean(who, 'lower', lower);
  checkBoolean(who, 'adjoint', adjoint);
  return tf.tidy(() => {
    const [left, right] = [floatTensor(who, 'l', l), floatTensor(who, 'b', b)];
    checkSquare(who, 'l', left);
    const n = left.shape[left.rank - 1]!;
    const fits = right.rank >= 2 && right.shape[right.rank - 2] === n && right.shape[right.rank - 1]! > 0;
    check(fits, who, `b must be matrices of ${n} rows, as l has`, right);
    const batch = tryBroadcast([batchOf(left), batchOf(right)]);
    if (batch === null) {
      fail(
        who,
        `the batches of l and b must broadcast, got the shapes [${left.shape.join(',')}] and ` +
          `[${right.shape.join(',')}]`,
      );
    }
    return solveTriangular(aligned(left, batch), aligned(right, batch), {lower, adjoint});
  });
}

/** ln det a of positive definite matrices: [batch…, n, n] → [batch…]. Throws, or is NaN, as `cholesky`. */
export function logDet(a: MathInput): tf.Tensor {
  return tf.tidy(() => {
    const x = floatTensor('logDet', 'a', a);
    checkSquare('logDet', 'a', x);
    const l = cholesky(x);
    const failed = tf.mul(tf.sum(diagonalOf(l), -1), 0); // 0 or NaN, which the logarithm of a GPU may lose
    return tf.add(tf.mul(logDetTriangular(l), 2), failed);
  });
}

/** ln |det l| of triangular matrices, the sum of ln |lᵢᵢ|: [batch…, n, n] → [batch…]. */
export function logDetTriangular(l: MathInput): tf.Tensor {
  return tf.tidy(() => {
    const x = floatTensor('logDetTriangular', 'l', l);
    checkSquare('logDetTriangular', 'l', x);
    return tf.sum(tf.log(tf.abs(diagonalOf(x))), -1);
  });
}

/**
 * Whether batch axes `own` (leading ones apart) are the last of `full`, so that matrix i of the whole batch is matrix i
 * modulo the number of own ones.
 */
export function isSuffix(own: Shape, full: Shape): boolean {
  const first = own.findIndex(d => d !== 1);
  const trimmed = first < 0 ? [] : own.slice(first);
  return sameShape(trimmed, full.slice(full.length - trimmed.length));
}

const batchOf = (x: tf.Tensor): Shape => x.shape.slice(0, -2);

/** x with its batch grown to `batch` unless it is a suffix of it. */
function aligned(x: tf.Tensor, batch: Shape): tf.Tensor {
  return isSuffix(batchOf(x), batch) && sizeOf(batch) > 0 ? x : grow(x, [...batch, ...x.shape.slice(-2)]);
}

function checkSquare(who: string, name: string, x: tf.Tensor): void {
  const [rows, columns] = x.shape.slice(-2);
  check(x.rank >= 2 && rows === columns && rows! > 0, who, `${name} must be a square matrix or a batch of them`, x);
}
