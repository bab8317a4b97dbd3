/**
 * Tile, on which broadcastTo and where rely: stock wasm spends about 40 ns an element; copying blocks takes under 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../backendParts.js';
import type {Replacement} from '../replacement.js';
import {outputOf} from './output.js';

type Values = Float32Array | Int32Array | Uint8Array;

/** Blocks shorter than this are copied element by element: a call of `set` costs as much. */
const SHORT_BLOCK = 16;

export const fastTile: Replacement = {
  kernelName: tf.Tile,
  replace: original => args => {
    const x = args.inputs['x']!;
    if (x.dtype === 'string') return original(args);
    const {reps} = args.attrs as {reps: number[]};
    const wasm = args.backend as WasmBackend;
    const out = outputOf(
      wasm,
      [x],
      x.shape.map((d, i) => d * reps[i]!),
      x.dtype,
    );
    wasm.typedArrayFromHeap(out).set(tile(wasm.typedArrayFromHeap(x), x.shape, reps));
    return out;
  },
};

/** Repeats axis after axis, the innermost first, so that each pass copies blocks as long as possible. */
function tile(values: Values, shape: number[], reps: number[]): Values {
  let block = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    block *= shape[axis]!;
    if (reps[axis] !== 1) values = repeatBlocks(values, block, reps[axis]!);
    block *= reps[axis]!;
  }
  return values;
}

function repeatBlocks(values: Values, block: number, times: number): Values {
  const length = values.length * times;
  const out = emptyLike(values, length);
  for (let from = 0, to = 0; from < values.length; from += block) {
    if (block === 1) {
      out.fill(values[from]!, to, (to += times));
      continue;
    }
    for (let r = 0; r < times; r++, to += block) {
      if (block >= SHORT_BLOCK) out.set(values.subarray(from, from + block), to);
      else for (let i = 0; i < block; i++) out[to + i] = values[from + i]!;
    }
  }
  return out;
}

function emptyLike(values: Values, length: number): Values {
  if (values instanceof Float32Array) return new Float32Array(length);
  return values instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
