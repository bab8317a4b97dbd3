/** What the tests of the layers share: recorded gradients, and a problem whose gradient is known exactly. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {sigmoid, type Moments} from '../helpers/estimates.js';

/** The gradients of one step, by name of the variable. */
export type Step = Record<string, Float32Array>;

/**
 * An optimizer that moves nothing and notes every gradient that it is handed; `read` gives those since the last
 * reading.
 */
export function recorder(): {optimizer: st.StochasticOptimizer; read: () => Promise<Step[]>} {
  const inner = tf.train.sgd(0);
  let steps: tf.NamedTensorMap[] = [];
  inner.applyGradients = gradients => {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({name, tensor}));
    steps.push(Object.fromEntries(list.filter(g => g.tensor != null).map(g => [g.name, tf.keep(tf.clone(g.tensor))])));
  };
  const read = async (): Promise<Step[]> => {
    const taken = steps;
    steps = [];
    return Promise.all(
      taken.map(async step => {
        const entries = await Promise.all(
          Object.entries(step).map(async ([name, g]) => [name, await g.data<'float32'>()] as const),
        );
        tf.dispose(step);
        return Object.fromEntries(entries);
      }),
    );
  };
  return {optimizer: st.stochasticOptimizer(inner), read};
}

/** A kernel that starts at the same values every time. */
export const seeded = (seed: number): {kernelInitializer: ReturnType<typeof initializers.glorotUniform>} => ({
  kernelInitializer: initializers.glorotUniform({seed}),
});

/** Mean, variance and standard error of each column of `rows`. */
export function momentsOf(rows: ReadonlyArray<ArrayLike<number>>): Moments {
  const n = rows.length;
  const columns = Array.from(rows[0]!, (_, j) => rows.map(row => row[j]!));
  const mean = columns.map(c => c.reduce((a, b) => a + b, 0) / n);
  const variance = columns.map((c, j) => c.reduce((a, b) => a + (b - mean[j]!) ** 2, 0) / (n - 1));
  return {mean, variance, standardError: variance.map(v => Math.sqrt(v / n))};
}

/** The largest distance between mean and exact value in standard errors. */
export function zOf(moments: Moments, exact: readonly number[]): number {
  return Math.max(...exact.map((e, j) => Math.abs(moments.mean[j]! - e) / Math.max(moments.standardError[j]!, 1e-5)));
}

/**
 * The logits of the problem below, and the weights of its cost (Σ wⱼ bⱼ − y)², which no sum of terms of one bit gives.
 */
export const LOGITS = [0.4, -0.7, 0.9];
export const WEIGHTS = [1, -2, 1.5];

/** Every value of three bits with its probability. */
function outcomes(logits: readonly number[]): Array<{b: number[]; p: number}> {
  return Array.from({length: 8}, (_, i) => {
    const b = [i & 1, (i >> 1) & 1, (i >> 2) & 1];
    return {b, p: b.reduce((p, bit, j) => p * (bit === 1 ? sigmoid(logits[j]!) : 1 - sigmoid(logits[j]!)), 1)};
  });
}

/** ∂/∂logits E[cost(b)] and, for each component, the variance of (cost − baseline)·∂ log p/∂logits. */
export function exactBits(
  cost: (b: readonly number[]) => number,
  logits: readonly number[] = LOGITS,
): {gradient: number[]; variance: number[]; mean: number} {
  const all = outcomes(logits);
  const estimate = (b: readonly number[], j: number): number => cost(b) * (b[j]! - sigmoid(logits[j]!));
  const gradient = logits.map((_, j) => all.reduce((sum, {b, p}) => sum + p * estimate(b, j), 0));
  const variance = logits.map((_, j) => all.reduce((sum, {b, p}) => sum + p * (estimate(b, j) - gradient[j]!) ** 2, 0));
  return {gradient, variance, mean: all.reduce((sum, {b, p}) => sum + p * cost(b), 0)};
}

/** (Σ wⱼ bⱼ − y)². */
export const bitCost =
  (y: number) =>
  (b: readonly number[]): number =>
    (b.reduce((sum, bit, j) => sum + bit * WEIGHTS[j]!, 0) - y) ** 2;

/**
 * The same cost as a tfjs-layers loss: from targets `[batch, 3]` and bits `[…, batch, 3]` to `[…, batch]`; y is the
 * target times (0, 1, 2).
 */
export const bitLoss = (y: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.square(tf.sub(tf.sum(tf.mul(b, tf.tensor1d(WEIGHTS)), -1), tf.sum(tf.mul(y, tf.tensor1d([0, 1, 2])), -1)));

/** Targets `[n, 3]` that stand for the number y. */
export const targets = (n: number, y: number): tf.Tensor => tf.tidy(() => tf.tile(tf.tensor2d([[0, y, 0]]), [n, 1]));

/**
 * A dense layer without bias whose rows are the logits of each example: fed with the identity, its gradient holds one
 * estimate an example.
 */
export function rows(n: number, logits: readonly number[] = LOGITS): ReturnType<typeof layers.dense> {
  return layers.dense({
    units: logits.length,
    inputShape: [n],
    useBias: false,
    weights: [tf.tidy(() => tf.tile(tf.tensor2d([[...logits]]), [n, 1]))],
  });
}

/** The model from an example's number, one-hot, to three random bits. */
export function bitModel(n: number, args: stl.StochasticLayerArgs): Sequential {
  return sequential({layers: [rows(n), stl.bernoulli(args)]});
}

/** The estimates in a step's gradient of `rows`, one a row; the mean over the batch is undone. */
export function perExample(gradient: Float32Array, n: number): Float32Array[] {
  const width = gradient.length / n;
  return Array.from({length: n}, (_, i) => gradient.subarray(i * width, (i + 1) * width).map(g => g * n));
}
