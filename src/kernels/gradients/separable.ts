/**
 * Kernels that are a linear map along each of some axes: resizing and padding by reflection. Their matrices are what
 * the kernels make of the unit matrix, so that the derivative is that of the kernel on every backend. tfjs's own
 * forgets what it reflects, and what it spreads by scales that are no whole numbers.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {oneHotOf} from '../../math/numerics.js';
import {runKernel} from '../../math/runKernel.js';
import {asConstant, one} from './relink.js';

/**
 * The matrix of a map from `from` to `to` elements: `apply` maps each column of a unit matrix, and returns as many
 * elements as the matrix has.
 */
function matrixOf(from: number, to: number, apply: (unit: tf.Tensor2D) => tf.Tensor): tf.Tensor2D {
  return asConstant(() =>
    tf.reshape(apply(oneHotOf(tf.range(0, from), from) as tf.Tensor2D), [to, from]),
  ) as tf.Tensor2D; // of rank 2
}

/** Mᵀ along one axis of dy: [outer, to, inner] to [outer, from, inner]. */
function transposedAlong(dy: tf.Tensor, axis: number, matrix: tf.Tensor2D): tf.Tensor {
  const [to, from] = matrix.shape;
  const outer = sizeOf(dy.shape.slice(0, axis));
  const shape = dy.shape.map((d, i) => (i === axis ? from : d));
  const lines = tf.transpose(tf.reshape(dy, [outer, to, -1]), [0, 2, 1]);
  const mapped = tf.matMul(tf.reshape<tf.Rank.R2>(lines, [-1, to]), matrix);
  return tf.reshape(tf.transpose(tf.reshape(mapped, [outer, -1, from]), [0, 2, 1]), shape);
}

/** y = R·x·Cᵀ for each channel of each image, dx = Rᵀ·dy·C. */
function resize(kernelName: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['images'],
    gradFunc: (dy, saved, attrs) => {
      const [, height, width] = saved[0]!.shape as [number, number, number, number];
      const [newHeight, newWidth] = attrs['size'] as [number, number];
      const run = (images: tf.Tensor, size: [number, number]) => runKernel(kernelName, {images}, {...attrs, size});
      // A channel for each column.
      const rows = () =>
        matrixOf(height, newHeight, unit => run(tf.reshape(unit, [1, height, 1, height]), [newHeight, 1]));
      const columns = () =>
        matrixOf(width, newWidth, unit => run(tf.reshape(unit, [1, 1, width, width]), [1, newWidth]));
      return {images: () => transposedAlong(transposedAlong(one(dy), 1, rows()), 2, columns())};
    },
  };
}

/** What lies in the margins is an element of the inside once more, and so is its derivative. */
const mirrorPad: tf.GradConfig = {
  kernelName: tf.MirrorPad,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const {shape} = saved[0]!;
    const paddings = attrs['paddings'] as Array<[number, number]>;
    const mode = attrs['mode'] as 'reflect' | 'symmetric';
    return {
      x: () =>
        shape.reduce((d, size, axis) => {
          const [before, after] = paddings[axis]!;
          if (before + after === 0) return d;
          return transposedAlong(
            d,
            axis,
            matrixOf(size, before + size + after, unit =>
              runKernel(
                tf.MirrorPad,
                {x: unit},
                {
                  paddings: [
                    [before, after],
                    [0, 0],
                  ],
                  mode,
                },
              ),
            ),
          );
        }, one(dy)),
    };
  },
};

export const separableGradients: tf.GradConfig[] = [
  resize(tf.ResizeBilinear),
  resize(tf.ResizeNearestNeighbor),
  mirrorPad,
];
