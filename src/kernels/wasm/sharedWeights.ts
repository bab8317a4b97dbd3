/**
 * Products whose right operand shares its data with a tensor of another shape, as a reshaped one does.
 *
 * The backend packs a right operand once and keeps it by the id of its data alone: asked again with other dimensions it
 * multiplies by the first packing, which gives wrong numbers and writes past the end of the result.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

/** The rows of the matrix that each packed operand was taken for; its size tells the columns. */
const packedRows = new WeakMap<tf.DataId, number>();

const isOneMatrix = ({shape}: tf.TensorInfo): boolean => sizeOf(shape.slice(0, -2)) === 1;

/** Has a product copy a right operand that was packed with other dimensions. */
function withOwnWeights(kernelName: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const {a, b} = args.inputs as Record<'a' | 'b', tf.TensorInfo>; // both required
      const {transposeA, transposeB} = args.attrs as {transposeA: boolean; transposeB: boolean};
      if (transposeA || transposeB || ![a, b].every(isOneMatrix)) return original(args); // not packed
      const rows = b.shape.at(-2)!;
      if ((packedRows.get(b.dataId) ?? rows) === rows) {
        packedRows.set(b.dataId, rows);
        return original(args);
      }
      const wasm = args.backend as WasmBackend;
      return compose(backendName, wasm, ({track}) => {
        const copy = track(wasm.makeOutput([...b.shape], b.dtype));
        // Views of the heap are taken after the allocation, which may have moved it.
        wasm.typedArrayFromHeap(copy).set(wasm.typedArrayFromHeap(b));
        return track(original({...args, inputs: {...args.inputs, b: copy}}) as tf.TensorInfo); // one output
      });
    },
  };
}

export const sharedWeights: readonly Replacement[] = [tf.BatchMatMul, tf._FusedMatMul].map(withOwnWeights);
