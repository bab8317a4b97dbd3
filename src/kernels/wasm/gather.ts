/**
 * Gather with batch dimensions: the stock kernel takes each example to have as many indices as there are examples, and
 * reads past their end.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import {compose, withShape} from '../compose.js';
import type {Replacement} from '../replacement.js';

/**
 * Reads rows of x, laid out as [batch · outer · axis, inner], by indices that say in which example and which outer row
 * they are.
 */
export const batchedGather: Replacement = {
  kernelName: tf.GatherV2,
  replace: (original, backendName) => args => {
    const {x, indices} = args.inputs as Record<'x' | 'indices', tf.TensorInfo>; // the kernel's required inputs
    const given = (args.attrs!['batchDims'] as number | undefined) ?? 0;
    const batchDims = given < 0 ? given + indices.shape.length : given;
    if (batchDims === 0) return original(args);
    const [axis] = tf.util.parseAxisParam(args.attrs!['axis'] as number, x.shape) as [number];
    const length = x.shape[axis]!;
    const [batch, outer, inner] = [
      sizeOf(x.shape.slice(0, batchDims)),
      sizeOf(x.shape.slice(batchDims, axis)),
      sizeOf(x.shape.slice(axis + 1)),
    ];
    const each = sizeOf(indices.shape.slice(batchDims)); // indices of an example
    const backend = args.backend as WasmBackend; // only wasm's kernels are replaced by this
    const full = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
    return compose(backendName, backend, ({track}) => {
      const rows = track(backend.makeOutput([batch * outer * each], 'int32'));
      const from = backend.typedArrayFromHeap(indices);
      const to = backend.typedArrayFromHeap(rows);
      for (let row = 0, at = 0; row < batch * outer; row++) {
        const example = Math.floor(row / outer);
        for (let i = 0; i < each; i++, at++) {
          const index = from[example * each + i]!;
          tf.util.assert(
            index >= 0 && index < length,
            () => `GatherV2: the index value ${index} is not in [0, ${length - 1}]`,
          );
          to[at] = row * length + index;
        }
      }
      const lined = {x: withShape(x, [batch * outer * length, inner]), indices: rows};
      return withShape(
        track(original({...args, inputs: lined, attrs: {...args.attrs, axis: 0, batchDims: 0}}) as tf.TensorInfo),
        full,
      ); // one output
    });
  },
};
