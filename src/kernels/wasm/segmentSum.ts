/** Sums of rows by the number that each carries, which wasm lacks; tfjs takes it for the derivative of gather. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import type {Addition} from '../replacement.js';
import {outputOf} from './output.js';

/** out[id] = Σ rows of x with that id; rows of a number outside of the segments are left out. */
export const unsortedSegmentSum: Addition = {
  kernelName: tf.UnsortedSegmentSum,
  make: () => args => {
    const {x, segmentIds} = args.inputs as Record<'x' | 'segmentIds', tf.TensorInfo>; // the kernel's required inputs
    const count = args.attrs!['numSegments'] as number;
    const row = x.shape.slice(segmentIds.shape.length);
    const width = sizeOf(row);
    const backend = args.backend as WasmBackend; // only wasm lacks it
    const out = outputOf(backend, [x, segmentIds], [count, ...row], x.dtype);
    const [from, ids, to] = [x, segmentIds, out].map(t => backend.typedArrayFromHeap(t)) as [
      Float32Array,
      Int32Array,
      Float32Array,
    ]; // or whole numbers, which add up as well
    const sums = new Float64Array(to.length);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id < 0 || id >= count) continue;
      for (let j = 0; j < width; j++) sums[id * width + j]! += from[i * width + j]!;
    }
    to.set(sums);
    return out;
  },
};
