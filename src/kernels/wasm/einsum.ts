/** Einsum, which wasm lacks: of two tensors a product of matrices for each index that both keep, of one a sum. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {compose, listOf, withShape, type Maker} from '../compose.js';
import type {Addition} from '../replacement.js';

/** A tensor with the number of each of its axes. */
interface WithAxes {
  readonly x: tf.TensorInfo;
  readonly axes: readonly number[];
}

export const einsum: Addition = {
  kernelName: tf.Einsum,
  make: backendName => args => {
    const tensors = listOf(args);
    const {allDims, summedDims, idDims} = tf.backend_util.decodeEinsumEquation(
      args.attrs!['equation'] as string,
      tensors.length,
    );
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as tf.Tensor[]); // which reads shapes alone
    const kept = allDims.map((_, i) => i).filter(i => !summedDims.includes(i));
    return compose(backendName, args.backend, maker => {
      // What only one of them has and the result lacks is summed first.
      const [a, b] = idDims.map((axes, i) => {
        const elsewhere = new Set([...kept, ...idDims.filter((_, j) => j !== i).flat()]);
        return sumAxesOf({x: tensors[i]!, axes}, axis => !elsewhere.has(axis), maker);
      }) as [WithAxes, WithAxes?];
      return inOrder(b === undefined ? a : contract(a, b, kept, maker), kept, maker);
    });
  },
};

function sumAxesOf({x, axes}: WithAxes, isSummed: (axis: number) => boolean, {run}: Maker): WithAxes {
  const places = axes.flatMap((axis, i) => (isSummed(axis) ? [i] : []));
  if (places.length === 0) return {x, axes};
  return {x: run(tf.Sum, {x}, {axis: places, keepDims: false}), axes: axes.filter(axis => !isSummed(axis))};
}

/** With axes in the order of `wanted`, in a tensor of its own. */
function inOrder({x, axes}: WithAxes, wanted: readonly number[], {run}: Maker): tf.TensorInfo {
  return run(tf.Transpose, {x}, {perm: wanted.map(axis => axes.indexOf(axis))});
}

function contract(a: WithAxes, b: WithAxes, kept: readonly number[], maker: Maker): WithAxes {
  const sizeAlong = new Map([a, b].flatMap(({x, axes}) => axes.map((axis, i) => [axis, x.shape[i]!] as const)));
  const sizesOf = (axes: readonly number[]) => axes.map(axis => sizeAlong.get(axis)!); // every axis is one of theirs
  const both = a.axes.filter(axis => b.axes.includes(axis));
  const batch = both.filter(axis => kept.includes(axis));
  const summed = both.filter(axis => !kept.includes(axis));
  const [rows, columns] = [a, b].map(({axes}) => axes.filter(axis => !both.includes(axis))) as [number[], number[]];
  const asMatrices = (t: WithAxes, first: readonly number[], last: readonly number[]) =>
    withShape(inOrder(t, [...batch, ...first, ...last], maker), [
      sizeOf(sizesOf(batch)),
      sizeOf(sizesOf(first)),
      sizeOf(sizesOf(last)),
    ]);
  const axes = [...batch, ...rows, ...columns];
  const out = maker.run(
    tf.BatchMatMul,
    {a: asMatrices(a, rows, summed), b: asMatrices(b, summed, columns)},
    {transposeA: false, transposeB: false},
  );
  return {x: withShape(out, sizesOf(axes)), axes};
}
