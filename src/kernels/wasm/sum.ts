/**
 * Sum and Mean that keep the digits of float32. The stock kernels add up in float32, one number after the other, so that 50,000 terms cost four digits.
 * Here they add up blocks, then the sums of blocks; what is left over, and columns, JavaScript adds in double precision.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose, withShape, type WasmBackend} from '../compose.js';
import {groupAxes} from '../ranks/axes.js';
import {reducedShape, runByRun} from '../ranks/reductions.js';
import type {Replacement} from '../replacement.js';

/** The longest block: added up in float32, one number after the other, equal numbers are off by at most 2e-6 of their sum, others by less. */
const LONGEST_BLOCK = 128;
/** The most numbers that one pass of the stock kernel adds up: a second would take a third of its time. */
const MOST_IN_ONE_PASS = 256;
/** Blocks shorter than this leave too many sums to add. */
const SHORTEST_BLOCK = 16;

/** The longest block of which n numbers are a multiple; 0 if there is none. */
export function blockLength(n: number): number {
  if (n <= MOST_IN_ONE_PASS) return n;
  // The stock kernel reads several numbers at a time and is slow over what is left of a block.
  for (const whole of [16, 8, 1]) for (let d = LONGEST_BLOCK; d >= SHORTEST_BLOCK; d -= whole) if (n % d === 0) return d;
  return 0;
}

/** Adds `n` numbers from `at` on, from double to double. */
function total(values: Float32Array, at: number, n: number): number {
  let sum = 0;
  for (let i = at; i < at + n; i++) sum += values[i]!;
  return sum;
}

/** Adds n rows of `width` numbers from `at` on to `out`, eight rows at a time. */
function addRows(values: Float32Array, at: number, n: number, width: number, out: Float64Array): void {
  let p = at;
  let left = n;
  for (; left >= 8; left -= 8, p += 8 * width) {
    const [q, r, s, t, u, v, w] = [p + width, p + 2 * width, p + 3 * width, p + 4 * width, p + 5 * width, p + 6 * width, p + 7 * width];
    for (let i = 0; i < width; i++) {
      out[i]! += values[p + i]! + values[q + i]! + (values[r + i]! + values[s + i]!)
        + (values[t + i]! + values[u + i]! + (values[v + i]! + values[w + i]!));
    }
  }
  for (; left > 0; left--, p += width) {
    for (let i = 0; i < width; i++) out[i]! += values[p + i]!;
  }
}

type Three = readonly [outer: number, n: number, inner: number];

class Sums {
  readonly #sum: tf.KernelFunc;
  readonly #wasm: WasmBackend;
  readonly #track: (x: tf.TensorInfo) => tf.TensorInfo;

  constructor(sum: tf.KernelFunc, wasm: WasmBackend, track: (x: tf.TensorInfo) => tf.TensorInfo) {
    [this.#sum, this.#wasm, this.#track] = [sum, wasm, track];
  }

  /** Of three axes, those over the middle one. */
  overMiddle(x: tf.TensorInfo, [outer, n, inner]: Three): tf.TensorInfo {
    if (n <= MOST_IN_ONE_PASS) return this.#stock(x, [outer, n, inner]);
    return inner === 1 ? this.#ofRows(x, outer, n) : this.#ofColumns(x, [outer, n, inner]);
  }

  #stock(x: tf.TensorInfo, shape: Three): tf.TensorInfo {
    return this.#track(this.#sum({inputs: {x: withShape(x, [...shape])}, attrs: {axis: [1], keepDims: false}, backend: this.#wasm}) as tf.TensorInfo);
  }

  #ofColumns(x: tf.TensorInfo, [outer, n, inner]: Three): tf.TensorInfo {
    const out = this.#make([outer, inner]);
    const [values, target] = [this.#view(x), this.#view(out)];
    for (let o = 0; o < outer; o++) {
      const row = new Float64Array(inner);
      addRows(values, o * n * inner, n, inner, row);
      target.set(row, o * inner);
    }
    return out;
  }

  #ofRows(x: tf.TensorInfo, outer: number, n: number): tf.TensorInfo {
    const exact = blockLength(n);
    const length = exact === 0 ? LONGEST_BLOCK : exact;
    const blocks = Math.floor(n / length);
    const head = blocks * length;
    const whole = exact === 0 && outer > 1 ? this.#heads(x, outer, n, head) : x;
    const sums = this.#stock(whole, [outer * blocks, length, 1]);
    if (exact !== 0) return this.overMiddle(sums, [outer, blocks, 1]);
    const out = this.#make([outer]);
    const [values, parts, target] = [this.#view(x), this.#view(sums), this.#view(out)];
    for (let o = 0; o < outer; o++) target[o] = total(parts, o * blocks, blocks) + total(values, o * n + head, n - head);
    return out;
  }

  /** The first `head` numbers of each row of n. */
  #heads(x: tf.TensorInfo, outer: number, n: number, head: number): tf.TensorInfo {
    const out = this.#make([outer, head]);
    const [values, target] = [this.#view(x), this.#view(out)];
    for (let o = 0; o < outer; o++) target.set(values.subarray(o * n, o * n + head), o * head);
    return out;
  }

  #make(shape: number[]): tf.TensorInfo {
    return this.#track(this.#wasm.makeOutput(shape, 'float32'));
  }

  /** Taken after every allocation, which may move the heap. */
  #view(x: tf.TensorInfo): Float32Array {
    return this.#wasm.typedArrayFromHeap(x) as Float32Array; // only float32 comes here
  }
}

function termsOf(shape: readonly number[], axis: number | number[]): number {
  return tf.util.parseAxisParam(axis, [...shape]).reduce((n, i) => n * shape[i]!, 1);
}

export const accurateSum: Replacement = {
  kernelName: tf.Sum,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
    // Whole numbers add up exactly.
    if (x.dtype !== 'float32' || tf.util.sizeFromShape(x.shape) <= MOST_IN_ONE_PASS || termsOf(x.shape, axis) <= MOST_IN_ONE_PASS) return original(args);
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const out = compose(backendName, args.backend, ({track}) => {
      const sums = new Sums(original, args.backend as WasmBackend, track);
      return runByRun(groupAxes(x.shape, i => axes.includes(i)), x, (y, three) => sums.overMiddle(y, three));
    });
    return withShape(out, reducedShape(x.shape, axes, keepDims));
  },
};

/** The sum above over the number of terms; what is no float32 becomes so first. */
export const accurateMean: Replacement = {
  kernelName: tf.Mean,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
    if (tf.util.sizeFromShape(x.shape) <= MOST_IN_ONE_PASS) return original(args);
    const terms = termsOf(x.shape, axis);
    if (terms <= MOST_IN_ONE_PASS) return original(args);
    const wasm = args.backend as WasmBackend;
    return compose(backendName, wasm, ({run}) => {
      const floats = x.dtype === 'float32' ? x : run(tf.Cast, {x}, {dtype: 'float32'});
      const sum = run(tf.Sum, {x: floats}, {axis, keepDims});
      const values = wasm.typedArrayFromHeap(sum);
      for (let i = 0; i < values.length; i++) values[i]! /= terms;
      return sum;
    });
  },
};
