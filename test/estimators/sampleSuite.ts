/** What is asked of every estimator that compares the samples of a node of bits: problems, long runs, misuse. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {sizeFor} from '../helpers/backends.js';
import type {Problem} from './problems.js';

const bits = 8;
/** Fixed weights without pattern. */
const weights = (rows: number, columns: number, by: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({length: rows * columns}, (_, i) => 1.2 * Math.sin(by * (i + 1) ** 1.5)),
    [rows, columns],
  );

/**
 * −log p(data | b) of a small decoder of eight bits: what a discrete autoencoder has below its latents. Its expectation
 * is not asked for.
 */
export const smooth: Problem = {
  title: 'a decoder of eight bits',
  parameters: {theta: [0.5, -0.3, 0.8, -1.2, 0.1, 0.4, -0.6, 1]},
  costs({theta}, draw) {
    const b = draw(st.independent(new st.Bernoulli({logits: theta!})));
    const hidden = tf.tanh(
      tf.matMul(tf.reshape<tf.Rank.R2>(tf.sub(tf.mul(b, 2), 1), [-1, bits]), tf.mul(weights(bits, 6, 1.3), 0.35)),
    );
    const logits = tf.matMul(hidden, weights(6, 10, 2.1));
    const data = tf.tensor1d([1, 0, 0, 1, 1, 0, 1, 0, 0, 1]);
    return tf.reshape(tf.sum(tf.sub(tf.softplus(logits), tf.mul(logits, data)), -1), b.shape.slice(0, -1));
  },
  expectation: () => 0,
};

/** Long runs on a fork of two nodes, with logits at both ends: no tensor is left behind, no estimate is not finite. */
export async function settles(make: () => st.Estimator): Promise<void> {
  const steps = sizeFor({cpu: 30, wasm: 30, webgl: 4, webgpu: 4});
  const before = tf.memory().numTensors;
  const estimator = make();
  const theta = tf.tidy(() =>
    tf.variable(
      tf.tensor2d([
        [30, -30, 0.2],
        [-30, 30, 1],
      ]),
    ),
  );
  const optimizer = st.stochasticOptimizer(tf.train.sgd(0.01));
  const step = (): void => {
    optimizer.minimize(
      () => {
        const draw = (name: string, q: st.Distribution): tf.Tensor =>
          new st.DistributionTensor(q, {estimator, name}).value;
        const a = draw('a', st.independent(new st.Bernoulli({logits: theta})));
        const b = draw('b', st.independent(new st.Bernoulli({probs: tf.sigmoid(theta)})));
        return [tf.square(tf.sub(tf.sum(a, -1), 0.4)), tf.sum(tf.square(tf.sub(b, 0.3)), -1)];
      },
      false,
      [theta],
    );
  };
  for (let i = 0; i < 2; i++) step();
  const settled = tf.memory().numTensors;
  for (let i = 0; i < steps; i++) step();
  expect(tf.memory().numTensors).toBe(settled);
  expect(Array.from(await theta.data()).every(Number.isFinite)).toBeTrue();
  optimizer.dispose();
  estimator.dispose!();
  theta.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

/** Too few samples, costs that lost the sample axis, distributions that do not fit. */
export function refuseSampleMisuse(name: string, make: (config?: {samples?: number}) => st.Estimator): void {
  const before = tf.memory().numTensors;
  for (const samples of [1, 2.5, '2' as unknown as number]) {
    expect(() => make({samples})).toThrowError(
      `${name}: samples must be an integer >= 2, got ${JSON.stringify(samples)}`,
    );
  }
  expect(() => make({sample: 2} as object)).toThrowError(`${name}: unknown option "sample"; did you mean "samples"?`);
  const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.2])));
  const run =
    (q: () => st.Distribution, cost: (x: tf.Tensor) => tf.Tensor, options: st.DistributionTensorOptions = {}) =>
    (): void => {
      const estimator = make();
      try {
        tf.dispose(
          st.variableGrads(() => cost(new st.DistributionTensor(q(), {estimator, name: 'x', ...options}).value), [w]),
        );
      } finally {
        estimator.dispose!();
      }
    };
  const bernoulli = (): st.Distribution => new st.Bernoulli({logits: w});
  expect(run(bernoulli, x => tf.mean(x, 0))).toThrowError(
    new RegExp(
      `^${name} at node "x": the costs must keep the sample axis of size 2, so that each sample has its own cost`,
    ),
  );
  expect(run(bernoulli, x => x, {valueType: st.sampleValue(1)})).toThrowError(
    new RegExp(`^${name} at node "x": needs at least 2 samples, got 1`),
  );
  expect(
    run(
      () => new st.Categorical({logits: w}),
      x => tf.cast(x, 'float32'),
    ),
  ).toThrowError(/needs a .*OneHotCategorical/);
  expect(
    run(
      () => new st.Normal({loc: w, scale: 1}),
      x => x,
    ),
  ).toThrowError(/needs a .*Bernoulli/);
  w.dispose();
  expect(tf.memory().numTensors).toBe(before);
}
