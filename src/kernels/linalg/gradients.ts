/** Derivatives of the kernels of linear algebra, which are made of these kernels again. */
import * as tf from '@tensorflow/tfjs-core';
import {lowerTriangleOf, masked, products, triangularSolve} from './functions.js';
import {one, relink} from '../gradients/relink.js';
import type {Triangle} from './scalar.js';
import {choleskyKernel, productsKernel, triangularSolveKernel, type Transposes} from './kernels.js';
import {sameShape, sizeOf} from '../../util/shapes.js';

/** x with its last two axes exchanged. */
function transposed(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/**
 * A of a = L·Lᵀ from that of L: the symmetric part of L⁻ᵀ Φ(Lᵀ dL) L⁻¹, Φ the lower triangle with half the diagonal
 * (Murray 2016, section 3).
 */
export const choleskyGradient: tf.GradConfig = {
  kernelName: choleskyKernel.kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    const backward = (d: tf.Tensor): tf.Tensor => {
      const l = relink([x], y, dd => [backward(dd)]);
      const half = masked(products(l, d, true), (i, j) => (i > j ? 1 : i === j ? 0.5 : 0));
      const left = triangularSolve(l, half, {adjoint: true});
      const both = triangularSolve(l, transposed(left), {adjoint: true});
      return tf.mul(tf.add(both, transposed(both)), 0.5);
    };
    return {x: () => backward(one(dy))};
  },
};

/** Of op(L)·X = B: dB = op(L)⁻ᵀ dX, and dL is the triangle of −dB·Xᵀ, or of its transpose if adjoint. */
export const triangularSolveGradient: tf.GradConfig = {
  kernelName: triangularSolveKernel.kernelName,
  inputsToSave: ['l', 'b'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [l, b, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const triangle = attrs as unknown as Triangle; // set by triangularSolve
    const bySide = (d: tf.Tensor) => triangularSolve(l, d, {lower: triangle.lower, adjoint: !triangle.adjoint});
    const byTriangle = (side: tf.Tensor): tf.Tensor => {
      const x = relink([l, b], y, dd => {
        const again = bySide(dd);
        return [byTriangle(again), summed(again, b.shape)];
      });
      const [p, q] = [columnsOf(side, l.shape), columnsOf(x, l.shape)];
      const outer = tf.neg(triangle.adjoint ? products(q, p, false, true) : products(p, q, false, true));
      const square = tf.reshape(outer, l.shape);
      return triangle.lower ? lowerTriangleOf(square) : masked(square, (i, j) => (i <= j ? 1 : 0));
    };
    const side = bySide(one(dy)); // for both, and the engine frees what a derivative makes
    return {l: () => byTriangle(side), b: () => summed(side, b.shape)};
  },
};

/** Of A·B: dA = dY·Bᵀ and dB = Aᵀ·dY, turned where a factor is. */
export const productsGradient: tf.GradConfig = {
  kernelName: productsKernel.kernelName,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const {transposeA, transposeB} = attrs as unknown as Transposes; // set by products
    const d = one(dy);
    return {
      a: () => (transposeA ? products(b, d, transposeB, true) : products(d, b, false, !transposeB)),
      b: () => (transposeB ? products(d, a, true, transposeA) : products(a, d, !transposeA, false)),
    };
  },
};

/** x: [batch…, n, m] summed over the leading axes along which `shape` was repeated. */
function summed(x: tf.Tensor, shape: number[]): tf.Tensor {
  if (sameShape(x.shape, shape)) return x;
  return tf.reshape(sizeOf(shape) === x.size ? x : tf.sum(tf.reshape(x, [-1, sizeOf(shape)]), 0), shape);
}

/** x: [repeats·matrices, n, m] as [matrices, n, repeats·m], matrices those of `shape`. */
function columnsOf(x: tf.Tensor, shape: number[]): tf.Tensor {
  const [n, m] = x.shape.slice(-2) as [number, number]; // matrices
  const matrices = sizeOf(shape) / (n * n);
  const repeats = x.size / (matrices * n * m);
  if (repeats === 1) return tf.reshape(x, [matrices, n, m]);
  const apart = tf.reshape(x, [repeats, matrices, n, m]);
  return tf.reshape(tf.transpose(apart, [1, 2, 0, 3]), [matrices, n, repeats * m]);
}
