/**
 * Standard noise, one number a word (two a block for the normal), in double precision until it is stored as float32.
 * Logarithms see only the open interval (0, 1), so nothing here is ever infinite. The loops here are the reference:
 * assembly/noise.ts gives the same bits, faster, where a program has it.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import {DRAW, type Key} from '../keys/key.js';
import {fillWords} from '../keys/threefry.js';
import {cosOfTurn, naturalLog, sinOfTurn} from '../math/fdlibm.js';
import type {NoiseKind} from '../simd/code.js';
import {hostSimd} from '../simd/current.js';
import {drawnOnHost} from './drawnOnHost.js';

/** The first n words of the stream of `key`. */
export function wordsOf(key: Key, n: number): Uint32Array {
  const words = new Uint32Array(n);
  fillWordsOf(words, key);
  return words;
}

/** Fills `words` from the stream of `key`, from word 2·firstBlock on. */
export function fillWordsOf(words: Uint32Array, key: Key, firstBlock = 0): void {
  const simd = hostSimd(words.length);
  if (simd === null) fillWords(words, key.words, DRAW, firstBlock);
  else simd.words(words, key.words, DRAW, firstBlock);
}

/** The word w as a number of the open interval (0, 1): (w + 1/2) / 2^32; one minus it is exact too. */
const open = (w: number): number => (w + 0.5) * 2 ** -32;

/** A kind of standard noise. */
interface Noise {
  /** Its name in fast code; null where there is none. */
  readonly kind: NoiseKind | null;
  /** Fills `out` from words: out.length of them, or one more if that is odd. */
  readonly fill: (out: Float32Array, words: Uint32Array) => void;
}

const drawn =
  (noise: Noise) =>
  (shape: number[], key: Key): tf.Tensor =>
    drawnOnHost([key], shape, 'float32', own => filled(noise, sizeOf(shape), own));

function filled({kind, fill}: Noise, n: number, key: Key): Float32Array {
  const out = new Float32Array(n);
  const simd = hostSimd(n);
  if (simd === null || kind === null) fill(out, wordsOf(key, n + (n & 1)));
  else simd.noise(kind, out, key.words, DRAW);
  return out;
}

/** Uniform on [0, 1): the upper 24 bits of each word, exact in float32. */
export const uniformNoise = drawn({
  kind: 'uniform',
  fill: (out, words) => {
    for (let i = 0; i < out.length; i++) out[i] = uniformOf(words[i]!);
  },
});

/** The bits of a uniform number: as many as a float32 has. */
export const UNIFORM_BITS = 24;

/** Uniform on [0, 1) of one word. */
export function uniformOf(word: number): number {
  return (word >>> (32 - UNIFORM_BITS)) * 2 ** -UNIFORM_BITS;
}

const normal: Noise = {
  kind: 'normal',
  fill: (out, words) => {
    for (let i = 0; i < words.length; i += 2) {
      const radius = Math.sqrt(-2 * naturalLog(open(words[i]!)));
      out[i] = radius * cosOfTurn(words[i + 1]!);
      if (i + 1 < out.length) out[i + 1] = radius * sinOfTurn(words[i + 1]!);
    }
  },
};

/** Standard normal, by Box and Muller (1958): each block gives two. Largest absolute value 6.77. */
export const normalNoise = drawn(normal);

/** The numbers of `normalNoise([n], key)` on the host, without a tensor. */
export const normalValues = (n: number, key: Key): Float32Array => filled(normal, n, key);

/** Standard exponential: −ln u. */
export const exponentialNoise = drawn({
  kind: 'exponential',
  fill: (out, words) => {
    for (let i = 0; i < out.length; i++) out[i] = exponentialOf(words[i]!);
  },
});

/** Standard exponential of one word. */
export function exponentialOf(word: number): number {
  return -naturalLog(open(word));
}

const gumbel: Noise = {
  kind: 'gumbel',
  fill: (out, words) => {
    for (let i = 0; i < out.length; i++) out[i] = gumbelOf(words[i]!);
  },
};

/** Standard Gumbel: −ln(−ln u), in [−3.14, 22.88]. */
export const gumbelNoise = drawn(gumbel);

/** The numbers of `gumbelNoise([n], key)` on the host, without a tensor. */
export const gumbelValues = (n: number, key: Key): Float32Array => filled(gumbel, n, key);

/** Standard Gumbel of one word. */
export function gumbelOf(word: number): number {
  return -naturalLog(-naturalLog(open(word)));
}

/** Standard logistic: ln(u / (1 − u)). */
export const logisticNoise = drawn({
  kind: 'logistic',
  fill: (out, words) => {
    for (let i = 0; i < out.length; i++) {
      const u = open(words[i]!);
      out[i] = naturalLog(u / (1 - u));
    }
  },
});

/** Standard Laplace: ln 2u below the middle, −ln 2(1 − u) above. */
export const laplaceNoise = drawn({
  kind: 'laplace',
  fill: (out, words) => {
    for (let i = 0; i < out.length; i++) {
      const u = open(words[i]!);
      out[i] = u < 0.5 ? naturalLog(2 * u) : -naturalLog(2 * (1 - u));
    }
  },
});

/** Standard Cauchy: tan(π(u − 1/2)), from 1/u in the lower tail and 1/(1 − u) in the upper one. */
export const cauchyNoise = drawn({
  kind: null,
  fill: (out, words) => {
    for (let i = 0; i < out.length; i++) {
      const u = open(words[i]!);
      out[i] = u < 0.5 ? -1 / Math.tan(Math.PI * u) : 1 / Math.tan(Math.PI * (1 - u));
    }
  },
});

/** ln u and ln(1 − u) of one u uniform on (0, 1), each accurate where the other is small. */
export function logUniformPair(shape: number[], key: Key): {logU: tf.Tensor; log1mU: tf.Tensor} {
  const logsOf = (at: (u: number) => number): tf.Tensor =>
    drawnOnHost([key], shape, 'float32', own => {
      const words = wordsOf(own, sizeOf(shape));
      const out = new Float32Array(words.length);
      for (let i = 0; i < words.length; i++) out[i] = naturalLog(at(open(words[i]!)));
      return out;
    });
  return {logU: logsOf(u => u), log1mU: logsOf(u => 1 - u)};
}
