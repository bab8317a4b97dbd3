/**
 * The kernels of linear algebra as operations that can be differentiated to any order: their derivatives are made of
 * these operations again. What they are given has been checked.
 */
import * as tf from '@tensorflow/tfjs-core';
import '../matrixProducts.js';
import {isKnown, makeKnown} from '../own.js';
import {one, relink} from '../gradients/relink.js';
import type {Triangle} from './scalar.js';
import {choleskyKernel, productsKernel, triangularSolveKernel, type MatrixKernel, type Transposes} from './kernels.js';
import {lowerTriangleOf, masked} from './triangles.js';
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
const choleskyGradient: tf.GradConfig = {
  kernelName: choleskyKernel.kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    const backward = (d: tf.Tensor): tf.Tensor => {
      const l = relink([x], y, dd => [backward(dd)]);
      const half = masked(products(l, d, true), (i, j) => (i > j ? 1 : i === j ? 0.5 : 0));
      const left = solveTriangular(l, half, {lower: true, adjoint: true});
      const both = solveTriangular(l, transposed(left), {lower: true, adjoint: true});
      return tf.mul(tf.add(both, transposed(both)), 0.5);
    };
    return {x: () => backward(one(dy))};
  },
};

/** Of op(L)·X = B: dB = op(L)⁻ᵀ dX, and dL is the triangle of −dB·Xᵀ, or of its transpose if adjoint. */
const triangularSolveGradient: tf.GradConfig = {
  kernelName: triangularSolveKernel.kernelName,
  inputsToSave: ['l', 'b'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [l, b, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const triangle = attrs as unknown as Triangle; // set by solve
    const bySide = (d: tf.Tensor) => solveTriangular(l, d, {lower: triangle.lower, adjoint: !triangle.adjoint});
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
const productsGradient: tf.GradConfig = {
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

/** L of positive definite, symmetric x = L·Lᵀ: `[batch…, n, n]`. */
export function factorize(x: tf.Tensor): tf.Tensor {
  return run(choleskyKernel, choleskyGradient, {x});
}

/** x of op(l)·x = b, the matrices of l repeating along the batch of b. */
export function solveTriangular(l: tf.Tensor, b: tf.Tensor, {lower, adjoint}: Triangle): tf.Tensor {
  return run(triangularSolveKernel, triangularSolveGradient, {l, b}, {lower, adjoint});
}

/**
 * a·b for matrices with equal batch axes, each transposed first if so said: as tf.matMul, but quick on GPUs where the
 * sums are short.
 */
export function products(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor {
  return run(productsKernel, productsGradient, {a, b}, {transposeA, transposeB});
}

function run(
  kernel: MatrixKernel,
  gradient: tf.GradConfig,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor {
  if (!isKnown(kernel)) makeKnown(kernel, kernel.kernelName, kernel.kernelFuncOn, gradient);
  return tf.engine().runKernel(kernel.kernelName, inputs, attrs);
}
