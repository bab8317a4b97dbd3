/** Raw words and uniform numbers. */
import type * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sizeOf} from '../util/shapes.js';
import {checkInteger, checkOneOf} from '../util/options.js';
import {checkNumber} from '../constraints/check.js';
import {real} from '../constraints/numberSets.js';
import {wordsOf, uniformNoise} from './noise.js';
import {drawnOnHost} from './drawnOnHost.js';
import {startDraw, type RandomOptions} from './drawOptions.js';

/**
 * The raw 32-bit words of the stream, as an int32 tensor of `shape`.
 * Reading them is exact on every backend; webgl computes with int32 as float32, so there arithmetic on them is not.
 */
export function bits(shape: number | number[], options: RandomOptions = {}): tf.Tensor {
  const at = startDraw('random.bits', shape, options, []);
  return drawnOnHost([at.key], at.shape, 'int32', key => new Int32Array(wordsOf(key, sizeOf(at.shape)).buffer));
}

/** What `uniform` draws from: the ends of the interval, numbers. */
export interface UniformOptions extends RandomOptions {
  /** Default 0. */
  low?: number;
  /** Greater than low; default 1. */
  high?: number;
  /** 'float32' (default) or 'int32', which needs whole bounds. */
  dtype?: 'float32' | 'int32';
}

/**
 * Uniform on [low, high), of `shape`: float32 from 24 random bits each, or int32 (bias at most (high − low)/2^32 a
 * value). The same key gives the same numbers on every backend.
 * @example
 * ```ts
 * st.random.uniform([4], {low: 0, high: 6, dtype: 'int32', key: st.random.key(1)}).dtype; // "int32"
 * ```
 */
export function uniform(shape: number | number[], options: UniformOptions = {}): tf.Tensor {
  const who = 'random.uniform';
  const at = startDraw(who, shape, options, ['low', 'high', 'dtype']);
  const {low = 0, high = 1, dtype = 'float32'} = options;
  checkOneOf(who, 'dtype', dtype, ['float32', 'int32']);
  if (dtype === 'int32') {
    checkInteger(who, 'low', low, {least: -(2 ** 31), most: 2 ** 31 - 1});
    checkInteger(who, 'high', high, {least: -(2 ** 31), most: 2 ** 31});
    check(high > low, who, `high must be > low = ${low}`, high);
    return drawnOnHost([at.key], at.shape, 'int32', key => {
      const words = wordsOf(key, sizeOf(at.shape));
      const out = new Int32Array(words.length);
      for (let i = 0; i < out.length; i++) out[i] = low + Math.floor(words[i]! * 2 ** -32 * (high - low));
      return out;
    });
  }
  checkNumber(who, 'low', low, real);
  checkNumber(who, 'high', high, real);
  check(Math.fround(high) > Math.fround(low), who, `high must be > low = ${low} in float32`, high);
  if (low === 0 && high === 1) return uniformNoise(at.shape, at.key);
  return drawnOnHost([at.key], at.shape, 'float32', key =>
    stretch(wordsOf(key, sizeOf(at.shape)), Math.fround(low), Math.fround(high)),
  );
}

/** low + (high − low)·u, rounded so that high itself never comes out. */
function stretch(words: Uint32Array, low: number, high: number): Float32Array {
  const out = new Float32Array(words.length);
  const last = below(high);
  for (let i = 0; i < words.length; i++) {
    const u = (words[i]! >>> 8) * 2 ** -24;
    out[i] = low + (high - low) * u;
    if (out[i]! >= high) out[i] = last;
  }
  return out;
}

/** The largest float32 below x. */
function below(x: number): number {
  if (x === 0) return -(2 ** -149);
  const float = new Float32Array([x]);
  const int = new Int32Array(float.buffer);
  int[0] = int[0]! + (x > 0 ? -1 : 1);
  return float[0]!;
}
