/**
 * Gather: rows are added up where they came from by ScatterNd, which every backend has. tfjs's gradient needs a kernel
 * that wasm lacks, and knows one batch axis at most.
 */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../../util/errors.js';
import {sizeOf} from '../../util/shapes.js';
import {asConstant, linear, one} from './relink.js';

/** out[id] = Σ rows with that id, [n, inner] to [count, inner]; to every order. */
export function addRowsUp(rows: tf.Tensor, ids: () => tf.Tensor1D, count: number): tf.Tensor {
  const add = (d: tf.Tensor): tf.Tensor =>
    linear(
      d,
      v => tf.scatterND(tf.expandDims(ids(), -1), v, [count, v.shape[1]!]),
      v => tf.gather(v, asConstant(ids)),
    );
  return add(rows);
}

const gather: tf.GradConfig = {
  kernelName: tf.GatherV2,
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, saved, attrs) => {
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    const [axis] = tf.util.parseAxisParam(attrs['axis'] as number, x.shape) as [number];
    const given = (attrs['batchDims'] as number | undefined) ?? 0;
    const batchDims = given < 0 ? given + indices.rank : given;
    const sizes = [
      x.shape.slice(0, batchDims),
      x.shape.slice(batchDims, axis),
      indices.shape.slice(batchDims),
      x.shape.slice(axis + 1),
    ].map(sizeOf);
    const [batch, outer, each, inner] = sizes as [number, number, number, number];
    const length = x.shape[axis]!;
    // [batch, each, outer·inner]: what the same index moves lies together.
    const rows = () =>
      tf.reshape(tf.transpose(tf.reshape(one(dy), [batch, outer, each, inner]), [0, 2, 1, 3]), [
        batch * each,
        outer * inner,
      ]);
    const ids = () =>
      tf.tidy(() => {
        const own = tf.reshape(indices, [batch, each]);
        const first = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1]);
        return tf.reshape(batch === 1 ? own : tf.add(own, tf.mul(first, tf.scalar(length, 'int32'))), [batch * each]);
      });
    const back = (sums: tf.Tensor) =>
      tf.reshape(tf.transpose(tf.reshape(sums, [batch, length, outer, inner]), [0, 2, 1, 3]), x.shape);
    return {
      x: () => back(addRowsUp(rows(), ids as () => tf.Tensor1D, batch * length)),
      indices: () =>
        fail(
          'tf.gather',
          'there is no derivative in the indices, so what they are made of must be held constant: st.stopGradient',
        ),
    };
  },
};

export const gatherGradients: tf.GradConfig[] = [gather];
