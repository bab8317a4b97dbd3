/**
 * What the learners train: a policy with a matrix of gains for each time, a linear model, and quadratic values for each
 * time. Time is the first axis of what they are given, so that one product of matrices serves all times; `next` is the
 * same function one step later.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {Matrix} from './lqr.js';
import type {System} from './system.js';

export interface Policy {
  /** [T, n, m], 0 at the start. */
  readonly gains: tf.Variable;
  readonly variables: tf.Variable[];
  /** K_t s. */
  readonly mean: (s: tf.Tensor) => tf.Tensor;
  /** N(K_t s, scale²). */
  readonly call: (s: tf.Tensor) => st.Distribution;
  /** `call` for one time, of its gains alone. */
  readonly at: (s: tf.Tensor, gain: tf.Tensor) => st.Distribution;
  readonly next: {readonly mean: (s: tf.Tensor) => tf.Tensor; readonly call: (s: tf.Tensor) => st.Distribution};
  /** Of a = K s, in double precision. */
  matrices(): Matrix[];
}

export function makePolicy({horizon, sizes: [n, m]}: System, scale: number): Policy {
  const gains = tf.tidy(() => tf.variable(tf.zeros([horizon, n, m])));
  const noisy = (loc: tf.Tensor): st.Distribution => st.independent(new st.Normal({loc, scale}));
  const mean = (s: tf.Tensor): tf.Tensor => tf.matMul(s, gains);
  const nextMean = (s: tf.Tensor): tf.Tensor =>
    tf.matMul(
      s,
      tf.pad(tf.slice(gains, 1), [
        [0, 1],
        [0, 0],
        [0, 0],
      ]),
    );
  return {
    gains,
    variables: [gains],
    mean,
    call: s => noisy(mean(s)),
    at: (s, gain) => noisy(tf.matMul(s, gain)),
    next: {mean: nextMean, call: s => noisy(nextMean(s))},
    matrices: () => (gains.arraySync() as number[][][]).map(k => k[0]!.map((_, j) => k.map(row => row[j]!))),
  };
}

export interface Model {
  readonly variables: tf.Variable[];
  /** M [s, a], M = 0 at the start, and the same for all times. */
  readonly call: (s: tf.Tensor, a: tf.Tensor) => tf.Tensor;
}

export function makeModel({sizes: [n, m]}: System): Model {
  const weights = tf.tidy(() => tf.variable(tf.zeros([n + m, n])));
  return {
    variables: [weights],
    call(s, a) {
      const both = tf.concat([s, a], -1);
      return tf.reshape(tf.matMul(tf.reshape(both, [-1, n + m]), weights), s.shape);
    },
  };
}

/** A quadratic function of z for each time. */
export interface Quadratic {
  readonly variables: tf.Variable[];
  /** For z: [T, rows, size] at times 0 … T − 1. */
  readonly call: (z: tf.Tensor) => tf.Tensor;
  /** For z at times 1 … T; at T it is the known cost of `s`, the state in z. */
  readonly next: (z: tf.Tensor, s: tf.Tensor) => tf.Tensor;
}

export function makeQuadratic({horizon, terminalCost}: System, size: number): Quadratic {
  const pairs = Array.from({length: size}, (_, i) =>
    Array.from({length: size - i}, (__, j) => [i, i + j] as const),
  ).flat();
  const pick = (which: 0 | 1): number[][] =>
    Array.from({length: size}, (_, row) => pairs.map(pair => (pair[which] === row ? 1 : 0)));
  const weights = tf.tidy(() => tf.variable(tf.zeros([horizon, pairs.length + 1, 1])));
  const at = (z: tf.Tensor, w: tf.Tensor): tf.Tensor => {
    const flat = tf.reshape<tf.Rank.R2>(z, [-1, size]);
    const products = tf.mul(tf.matMul(flat, tf.tensor2d(pick(0))), tf.matMul(flat, tf.tensor2d(pick(1))));
    const features = tf.reshape(
      tf.pad(
        products,
        [
          [0, 0],
          [0, 1],
        ],
        1,
      ),
      [...z.shape.slice(0, -1), -1],
    );
    return tf.squeeze(tf.matMul(features, w), [-1]);
  };
  return {
    variables: [weights],
    call: z => at(z, weights),
    next(z, s) {
      const later = horizon - 1;
      return tf.concat([at(tf.slice(z, 0, later), tf.slice(weights, 1)), terminalCost(tf.slice(s, later))], 0);
    },
  };
}
