/**
 * Slice, SplitV and Unpack: the stock kernels first copy the whole of x out of the heap, for each part that they take.
 * Here only what is asked for is copied. A view would do without, but the backend frees an output where it begins.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import type {KernelArgs} from '../compose.js';
import type {Replacement} from '../replacement.js';
import {outputOf} from './output.js';

type HeapValues = ReturnType<WasmBackend['typedArrayFromHeap']>;

/** Runs shorter than this are copied element by element: a call of `set` costs as much. */
const SHORT_RUN = 16;

/** The part of x that begins at `begin` and has `size` along each axis. */
function part(wasm: WasmBackend, x: tf.TensorInfo, begin: readonly number[], size: readonly number[]): tf.TensorInfo {
  const out = outputOf(wasm, [x], [...size], x.dtype);
  if (sizeOf(size) === 0) return out;
  copyPart(wasm.typedArrayFromHeap(x), x.shape, begin, size, wasm.typedArrayFromHeap(out));
  return out;
}

function copyPart(
  from: HeapValues,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
  to: HeapValues,
): void {
  // What lies together: all axes after `split` are taken whole.
  let split = shape.length - 1;
  let inner = 1;
  while (split >= 0 && size[split] === shape[split]) inner *= shape[split--]!;
  if (split < 0) return to.set(from);
  const run = size[split]! * inner;
  const copy = (axis: number, at: number, out: number): number => {
    const first = (at * shape[axis]! + begin[axis]!) * (axis === split ? inner : 1);
    if (axis === split) {
      if (run >= SHORT_RUN) to.set(from.subarray(first, first + run), out);
      else for (let i = 0; i < run; i++) to[out + i] = from[first + i]!;
      return out + run;
    }
    for (let i = 0; i < size[axis]!; i++) out = copy(axis + 1, first + i, out);
    return out;
  };
  copy(0, 0, 0);
}

export const fastSlice: Replacement = {
  kernelName: tf.Slice,
  replace: original => args => {
    const x = args.inputs['x']!;
    if (x.dtype === 'string') return original(args);
    const attrs = args.attrs as {begin: number | number[]; size: number | number[]};
    // which reads the shape and the rank alone
    const [begin, size] = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [number[], number[]];
    tf.slice_util.assertParamsValid(x, begin, size);
    return part(args.backend as WasmBackend, x, begin, size);
  },
};

/** Parts that follow each other along an axis, `lengths` of it each. */
function parts({backend}: KernelArgs, x: tf.TensorInfo, axis: number, lengths: readonly number[]): tf.TensorInfo[] {
  let at = 0;
  return lengths.map(length => {
    const begin = x.shape.map((_, i) => (i === axis ? at : 0));
    at += length;
    return part(
      backend as WasmBackend,
      x,
      begin,
      x.shape.map((d, i) => (i === axis ? length : d)),
    );
  });
}

export const fastSplit: Replacement = {
  kernelName: tf.SplitV,
  replace: original => args => {
    const x = args.inputs['x']!;
    if (x.dtype === 'string') return original(args);
    const {axis, numOrSizeSplits} = args.attrs as {axis: number; numOrSizeSplits: number | number[]};
    const along = tf.util.parseAxisParam(axis, x.shape)[0]!;
    // which reads the shape alone
    return parts(args, x, along, tf.backend_util.prepareSplitSize(x, numOrSizeSplits, along));
  },
};

export const fastUnpack: Replacement = {
  kernelName: tf.Unpack,
  replace: original => args => {
    const value = args.inputs['value']!;
    if (value.dtype === 'string') return original(args);
    const axis = tf.util.parseAxisParam(args.attrs!['axis'] as number, value.shape)[0]!;
    const shape = value.shape.filter((_, i) => i !== axis);
    const ones = new Array<number>(value.shape[axis]!).fill(1);
    return parts(args, value, axis, ones).map(x => ({...x, shape}));
  },
};
