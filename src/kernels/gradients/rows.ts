/** Kernels that read or write elements by their numbers: tfjs has no gradient for them. Reading is the adjoint of writing. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {addRowsUp} from './gather.js';
import {asConstant, one} from './relink.js';

/** y = x[indices], the last axis of which are the places along the first axes of x. */
const gatherNd: tf.GradConfig = {
  kernelName: tf.GatherNd,
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    return {params: () => tf.scatterND(indices, one(dy), x.shape), indices: () => tf.zerosLike(indices)};
  },
};

/** y has the updates added up at their places. */
const scatterNd: tf.GradConfig = {
  kernelName: tf.ScatterNd,
  inputsToSave: ['indices'],
  gradFunc: (dy, saved) => {
    const indices = saved[0]!;
    return {updates: () => tf.gatherND(one(dy), indices), indices: () => tf.zerosLike(indices)};
  },
};

/** y is x with the updates at their places. */
const tensorScatterUpdate: tf.GradConfig = {
  kernelName: tf.TensorScatterUpdate,
  inputsToSave: ['indices', 'updates'],
  gradFunc: (dy, saved) => {
    const [indices, updates] = saved as [tf.Tensor, tf.Tensor];
    return {
      tensor: () => tf.tensorScatterUpdate(one(dy), indices, tf.zeros(updates.shape)),
      indices: () => tf.zerosLike(indices),
      updates: () => tf.gatherND(one(dy), indices),
    };
  },
};

/** y has the values at their places, and the default elsewhere. */
const sparseToDense: tf.GradConfig = {
  kernelName: tf.SparseToDense,
  inputsToSave: ['sparseIndices', 'sparseValues'],
  gradFunc: (dy, saved) => {
    const [indices, values] = saved as [tf.Tensor, tf.Tensor];
    const places = () => tf.reshape(indices, [-1, indices.rank < 2 ? 1 : indices.shape[1]!]);
    const there = () => tf.gatherND(one(dy), places());
    return {
      sparseIndices: () => tf.zerosLike(indices),
      sparseValues: () => (values.rank === 0 ? tf.sum(there()) : tf.reshape(there(), values.shape)),
      defaultValue: () => tf.sub(tf.sum(one(dy)), tf.sum(there())),
    };
  },
};

/** The k largest of each row, and their places. */
const topK: tf.GradConfig = {
  kernelName: tf.TopK,
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dy, saved) => {
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    const length = x.shape.at(-1)!;
    const rows = sizeOf(x.shape) / length;
    const ids = () =>
      tf.tidy(() => {
        const first = tf.reshape(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(length, 'int32')), [rows, 1]);
        return tf.reshape<tf.Rank.R1>(tf.add(tf.reshape(indices, [rows, -1]), first), [-1]);
      });
    return {x: () => tf.reshape(addRowsUp(tf.reshape(one(dy), [-1, 1]), ids, rows * length), x.shape)};
  },
};

/** A matrix of matrices with x on its diagonal. */
const diag: tf.GradConfig = {
  kernelName: tf.Diag,
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => {
    const {shape, size} = saved[0]!;
    const places = () => asConstant(() => tf.mul(tf.range(0, size, 1, 'int32'), tf.scalar(size + 1, 'int32')));
    return {x: () => tf.reshape(tf.gather(tf.reshape(one(dy), [-1]), places()), shape)};
  },
};

export const rowGradients: tf.GradConfig[] = [gatherNd, scatterNd, tensorScatterUpdate, sparseToDense, topK, diag];
