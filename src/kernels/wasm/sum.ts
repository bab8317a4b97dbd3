/**
 * Sum and Mean that keep the digits of float32. The stock kernels add up in float32, one number after the other, so
 * that 50,000 terms cost four digits. Here JavaScript adds in double precision what is longer than one pass of theirs
 * may be, in about the same time.
 */
import * as tf from '@tensorflow/tfjs-core';
import {total} from '../../math/total.js';
import {sizeOf} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';
import {compose, withShape} from '../compose.js';
import {groupAxes} from '../ranks/mergedAxes.js';
import {reducedShape, runByRun} from '../ranks/reductions.js';
import type {Replacement} from '../replacement.js';

/**
 * The most numbers that the stock kernel adds up: equal ones are then off by at most 4e-6 of their sum, others by less.
 */
export const MOST_IN_ONE_PASS = 256;

/** Adds n rows of `width` numbers from `at` on to `out`, eight rows at a time. */
function addRows(values: Float32Array, at: number, n: number, width: number, out: Float64Array): void {
  let p = at;
  let left = n;
  for (; left >= 8; left -= 8, p += 8 * width) {
    const [q, r, s, t, u, v, w] = [
      p + width,
      p + 2 * width,
      p + 3 * width,
      p + 4 * width,
      p + 5 * width,
      p + 6 * width,
      p + 7 * width,
    ];
    for (let i = 0; i < width; i++) {
      out[i]! +=
        values[p + i]! +
        values[q + i]! +
        (values[r + i]! + values[s + i]!) +
        (values[t + i]! + values[u + i]! + (values[v + i]! + values[w + i]!));
    }
  }
  for (; left > 0; left--, p += width) {
    for (let i = 0; i < width; i++) out[i]! += values[p + i]!;
  }
}

type Three = readonly [outer: number, n: number, inner: number];

/** Of three axes the sum over the middle one, over `divisor`, as a tensor of `shape`. */
function overMiddle(
  wasm: WasmBackend,
  x: tf.TensorInfo,
  [outer, n, inner]: Three,
  shape: number[],
  divisor: number,
): tf.TensorInfo {
  wasm.typedArrayFromHeap(x); // a disposed one throws before anything is made
  const out = wasm.makeOutput(shape, 'float32');
  // Views are taken after the allocation, which may move the heap. Only float32 comes here.
  const [values, target] = [wasm.typedArrayFromHeap(x) as Float32Array, wasm.typedArrayFromHeap(out) as Float32Array];
  if (inner === 1) {
    for (let o = 0; o < outer; o++) target[o] = total(values, o * n, n) / divisor;
    return out;
  }
  const row = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    row.fill(0);
    addRows(values, o * n * inner, n, inner, row);
    for (let i = 0; i < inner; i++) target[o * inner + i] = row[i]! / divisor;
  }
  return out;
}

/** The shape as three axes of which the middle one is reduced; null where other axes lie between the reduced ones. */
function asThree(shape: readonly number[], axes: readonly number[]): Three | null {
  let outer = 1;
  let n = 1;
  let inner = 1;
  for (let axis = 0; axis < shape.length; axis++) {
    const d = shape[axis]!;
    if (d === 1) continue;
    if (axes.includes(axis)) {
      if (inner > 1) return null;
      n *= d;
    } else if (n === 1) {
      outer *= d;
    } else {
      inner *= d;
    }
  }
  return [outer, n, inner];
}

/** Sum, or the mean, which first makes float32 of what is none; whole numbers add up exactly. */
function accurate(kernelName: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const x = args.inputs['x']!;
      const isMean = kernelName === tf.Mean;
      if (sizeOf(x.shape) <= MOST_IN_ONE_PASS || (x.dtype !== 'float32' && !isMean)) return original(args);
      const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
      const axes = tf.util.parseAxisParam(axis, x.shape);
      const terms = axes.reduce((n, i) => n * x.shape[i]!, 1);
      const three = asThree(x.shape, axes);
      // For columns the stock kernel transposes first.
      if (terms <= MOST_IN_ONE_PASS && (three === null || three[2] === 1 || terms === 1)) return original(args);
      const wasm = args.backend as WasmBackend;
      if (x.dtype !== 'float32')
        return compose(backendName, wasm, ({run}) =>
          run(tf.Mean, {x: run(tf.Cast, {x}, {dtype: 'float32'})}, {axis, keepDims}),
        );
      const shape = reducedShape(x.shape, axes, keepDims);
      if (three !== null) return overMiddle(wasm, x, three, shape, isMean ? terms : 1);
      return withShape(
        compose(backendName, wasm, ({run, track}) => {
          const sum = runByRun(
            groupAxes(x.shape, i => axes.includes(i)),
            x,
            (y, part) =>
              part[1] <= MOST_IN_ONE_PASS
                ? run(tf.Sum, {x: withShape(y, part)}, {axis: [1], keepDims: false})
                : track(overMiddle(wasm, y, part, [part[0], part[2]], 1)),
          );
          return isMean ? track(overMiddle(wasm, sum, [sizeOf(shape), 1, 1], shape, terms)) : sum;
        }),
        shape,
      );
    },
  };
}

export const accurateSum = accurate(tf.Sum);
export const accurateMean = accurate(tf.Mean);
