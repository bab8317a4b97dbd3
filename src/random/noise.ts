/**
 * Standard noise, one number a word (two a block for the normal), in double precision until it is stored as float32.
 * Logarithms see only the open interval (0, 1), so nothing here is ever infinite.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import {DRAW, type Key} from '../keys/key.js';
import {fillWords} from '../keys/threefry.js';

/** The first n words of the stream of `key`. */
export function wordsOf(key: Key, n: number): Uint32Array {
  const words = new Uint32Array(n);
  fillWords(words, key.words, DRAW);
  return words;
}

/** The word w as a number of the open interval (0, 1): (w + 1/2) / 2^32; one minus it is exact too. */
const open = (w: number): number => (w + 0.5) * 2 ** -32;

/** A family of standard noise: fills `out` from words; out.length words, or one more if odd and `pairs`. */
type Fill = (out: Float32Array, words: Uint32Array) => void;

function noise(fill: Fill): (shape: number[], key: Key) => tf.Tensor {
  return (shape, key) => tf.tensor(filled(fill, sizeOf(shape), key), shape, 'float32');
}

function filled(fill: Fill, n: number, key: Key): Float32Array {
  const out = new Float32Array(n);
  fill(out, wordsOf(key, n + (n & 1)));
  return out;
}

/** Uniform on [0, 1): the upper 24 bits of each word, exact in float32. */
export const uniformNoise = noise((out, words) => {
  for (let i = 0; i < out.length; i++) out[i] = uniformOf(words[i]!);
});

/** Uniform on [0, 1) of one word. */
export function uniformOf(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

const fillNormal: Fill = (out, words) => {
  for (let i = 0; i < words.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(open(words[i]!)));
    const angle = 2 * Math.PI * 2 ** -32 * words[i + 1]!;
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
};

/** Standard normal, by Box and Muller (1958): each block gives two. Largest absolute value 6.77. */
export const normalNoise = noise(fillNormal);

/** The numbers of `normalNoise([n], key)` on the host, without a tensor. */
export const normalValues = (n: number, key: Key): Float32Array => filled(fillNormal, n, key);

/** Standard exponential: −ln u. */
export const exponentialNoise = noise((out, words) => {
  for (let i = 0; i < out.length; i++) out[i] = exponentialOf(words[i]!);
});

/** Standard exponential of one word. */
export function exponentialOf(word: number): number {
  return -Math.log(open(word));
}

/** Standard Gumbel: −ln(−ln u), in [−3.14, 22.88]. */
export const gumbelNoise = noise((out, words) => {
  for (let i = 0; i < out.length; i++) out[i] = gumbelOf(words[i]!);
});

/** Standard Gumbel of one word. */
export function gumbelOf(word: number): number {
  return -Math.log(-Math.log(open(word)));
}

/** Standard logistic: ln(u / (1 − u)). */
export const logisticNoise = noise((out, words) => {
  for (let i = 0; i < out.length; i++) {
    const u = open(words[i]!);
    out[i] = Math.log(u / (1 - u));
  }
});

/** Standard Laplace: ln 2u below the middle, −ln 2(1 − u) above. */
export const laplaceNoise = noise((out, words) => {
  for (let i = 0; i < out.length; i++) {
    const u = open(words[i]!);
    out[i] = u < 0.5 ? Math.log(2 * u) : -Math.log(2 * (1 - u));
  }
});

/** Standard Cauchy: tan(π(u − 1/2)), from 1/u in the lower tail and 1/(1 − u) in the upper one. */
export const cauchyNoise = noise((out, words) => {
  for (let i = 0; i < out.length; i++) {
    const u = open(words[i]!);
    out[i] = u < 0.5 ? -1 / Math.tan(Math.PI * u) : 1 / Math.tan(Math.PI * (1 - u));
  }
});

/** ln u and ln(1 − u) of one u uniform on (0, 1), each accurate where the other is small. */
export function logUniformPair(shape: number[], key: Key): {logU: tf.Tensor; log1mU: tf.Tensor} {
  const words = wordsOf(key, sizeOf(shape));
  const logU = new Float32Array(words.length);
  const log1mU = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const u = open(words[i]!);
    logU[i] = Math.log(u);
    log1mU[i] = Math.log(1 - u);
  }
  return {logU: tf.tensor(logU, shape, 'float32'), log1mU: tf.tensor(log1mU, shape, 'float32')};
}
