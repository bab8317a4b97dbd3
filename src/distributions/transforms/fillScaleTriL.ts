/** From vectors onto lower triangular matrices with a positive diagonal. */
import * as tf from '@tensorflow/tfjs-core';
import '../../kernels/matrixProducts.js';
import {realVector} from '../../constraints/vectors.js';
import {lowerTriangularPositive} from '../../constraints/matrices.js';
import {check} from '../../util/errors.js';
import {checkKeys} from '../../util/options.js';
import {toShape, type Shape} from '../../util/shapes.js';
import {nonNegative} from '../../constraints/numberSets.js';
import {checkNumber} from '../../constraints/check.js';
import {softplusInverse} from '../../functions/elementary/index.js';
import {Bijector} from './bijector.js';

/** What keeps the diagonal of `FillScaleTriL` off 0. */
export interface FillScaleTriLConfig {
  /** Added to the diagonal, which stays above it; default 1e-5. */
  diagShift?: number;
}

/**
 * A vector of n (n + 1) / 2 numbers as a lower triangular matrix [n, n] whose diagonal is softplus of its numbers, plus
 * `diagShift`. The numbers fill the triangle in the order of TensorFlow Probability's fill_triangular: [1, 2, 3, 4, 5,
 * 6] becomes [[4, 0, 0], [6, 5, 0], [3, 2, 1]].
 */
export class FillScaleTriL extends Bijector {
  /** What is added to the diagonal. */
  readonly diagShift: number;

  constructor(config: FillScaleTriLConfig = {}) {
    checkKeys('FillScaleTriL', config, ['diagShift']);
    const {diagShift = 1e-5} = config;
    checkNumber('FillScaleTriL', 'diagShift', diagShift, nonNegative);
    super('FillScaleTriL', {}, {});
    this.diagShift = diagShift;
  }

  override get inputRank() {
    return 1;
  }

  override get outputRank() {
    return 2;
  }

  override get codomain() {
    return lowerTriangularPositive;
  }

  override get domain() {
    return realVector;
  }

  override forwardShape(shape: Shape) {
    const given = toShape('FillScaleTriL.forwardShape', shape);
    const n = sideOf(given[given.length - 1]!);
    return [...given.slice(0, -1), n, n];
  }

  override inverseShape(shape: Shape) {
    const given = toShape('FillScaleTriL.inverseShape', shape);
    check(given.length >= 2, 'FillScaleTriL.inverseShape', 'the shape must have at least 2 axes', shape);
    const n = given[given.length - 1]!;
    return [...given.slice(0, -2), (n * (n + 1)) / 2];
  }

  protected _forward(x: tf.Tensor) {
    const n = sideOf(x.shape[x.rank - 1]!);
    const {isDiagonal, selection} = layout(n);
    const raw = tf.reshape(times(x, selection), [...x.shape.slice(0, -1), n, n]);
    const diagonal = tf.tensor2d(isDiagonal, [n, n]);
    return tf.add(tf.mul(raw, tf.sub(1, diagonal)), tf.mul(tf.add(tf.softplus(raw), this.diagShift), diagonal));
  }

  protected _inverse(y: tf.Tensor) {
    const n = y.shape[y.rank - 1]!;
    const {isDiagonal, selection} = layout(n);
    const diagonal = tf.tensor2d(isDiagonal, [n, n]);
    // off the diagonal a number that softplus inverts, in place of one that it may not
    const positive = tf.add(tf.mul(tf.sub(y, this.diagShift), diagonal), tf.sub(1, diagonal));
    const raw = tf.add(tf.mul(softplusInverse(positive), diagonal), tf.mul(y, tf.sub(1, diagonal)));
    return times(tf.reshape(raw, [...y.shape.slice(0, -2), n * n]), selection, true);
  }

  // only the diagonal changes volumes, by σ(x)
  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    const {target, isDiagonal} = layout(sideOf(x.shape[x.rank - 1]!));
    const onDiagonal = tf.tensor1d(target.map(at => isDiagonal[at]!));
    return tf.neg(tf.sum(tf.mul(tf.softplus(tf.neg(x)), onDiagonal), -1));
  }
}

function sideOf(length: number): number {
  const n = (Math.sqrt(8 * length + 1) - 1) / 2;
  check(Number.isInteger(n) && n > 0, 'FillScaleTriL', 'the vector must have n (n + 1) / 2 elements', length);
  return n;
}

/**
 * Vectors along the last axis by a matrix or its transpose. (The gradient of tf.gather needs a kernel that wasm lacks.)
 */
function times(x: tf.Tensor, matrix: number[][], transpose = false): tf.Tensor {
  const m = tf.tensor2d(matrix);
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, x.shape[x.rank - 1]!]);
  const out = tf.matMul(rows, transpose ? tf.transpose(m) : m);
  return tf.reshape(out, [...x.shape.slice(0, -1), out.shape[1]!]); // of a matrix
}

/**
 * The place in the matrix, row by row, of each element of the vector (`target`), and the same as a matrix of zeros and
 * ones. The vector without its first n elements, followed by the whole vector reversed, has the right lower triangle if
 * read row by row.
 */
function layout(n: number): {target: number[]; isDiagonal: number[]; selection: number[][]} {
  const indices = Array.from({length: (n * (n + 1)) / 2}, (_, i) => i);
  const source = [...indices.slice(n), ...[...indices].reverse()];
  const places = Array.from({length: n * n}, (_, i) => i);
  const target: number[] = [];
  for (const place of places) if (place % n <= Math.floor(place / n)) target[source[place]!] = place;
  return {
    target,
    isDiagonal: places.map(i => Number(i % n === Math.floor(i / n))),
    selection: target.map(at => places.map(place => Number(place === at))),
  };
}
