/** One run of the toy problem. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {atOnce} from '../job/interrupt.js';
import {expectedCost, makeToyEstimator, toyCost} from './problem.js';

export interface ToyResult {
  /** Steps that were done: fewer than asked for if the run was interrupted. */
  readonly steps: number;
  /** E[(b − t)²] at the last logit. */
  readonly loss: number;
  /** Mean over training of the natural log of the gradient variance, those measurements left out where it was 0. */
  readonly logVariance: number;
  /** Share of the measurements where all estimates were equal, since b came out the same in every draw. */
  readonly certain: number;
  readonly seconds: number;
}

export interface ToyConfig {
  readonly steps: number;
  readonly seed: number;
  /** Steps between two measurements of the variance, and estimates for each. */
  readonly measureEvery: number;
  readonly measureDraws: number;
}

export function runToy(name: string, config: ToyConfig): ToyResult {
  return atOnce(toySteps(name, config, () => false));
}

/** The same run, with a pause after each step; it ends early once `stop` says so. */
export function* toySteps(
  name: string,
  {steps, seed, measureEvery, measureDraws}: ToyConfig,
  stop: () => boolean,
): Generator<void, ToyResult, void> {
  const start = performance.now();
  const [forEstimator, forSteps, forVariance] = st.random.split(st.random.key(seed), 3) as [
    st.random.Key,
    st.random.Key,
    st.random.Key,
  ];
  const logit = tf.tidy(() => tf.variable(tf.zeros([1])));
  const {estimator, dispose} = makeToyEstimator(name, forEstimator);
  const optimizer = st.stochasticOptimizer(tf.train.adam(0.01), {controlVariateOptimizer: tf.train.adam(0.01)});
  const logVariances: number[] = [];
  let step = 0;
  for (; step < steps && !stop(); step++) {
    if (step % measureEvery === 0) {
      logVariances.push(
        Math.log(gradientVariance(logit, estimator, measureDraws, st.random.foldIn(forVariance, step))),
      );
    }
    tf.tidy(
      () => void optimizer.minimize(() => toyCost(logit, estimator, st.random.foldIn(forSteps, step)), false, [logit]),
    );
    yield;
  }
  const loss = expectedCost(logit.dataSync()[0]!);
  dispose();
  optimizer.dispose();
  logit.dispose();
  const finite = logVariances.filter(Number.isFinite);
  const logVariance = finite.reduce((a, b) => a + b, 0) / finite.length;
  return {
    steps: step,
    loss,
    logVariance,
    certain: 1 - finite.length / logVariances.length,
    seconds: (performance.now() - start) / 1000,
  };
}

/**
 * The variance of the estimate at the present logit and with the present control variate. The logit is tiled into a
 * batch of `draws`, so that one gradient holds as many independent estimates; nothing that is trained or averaged
 * changes.
 */
function gradientVariance(logit: tf.Variable, estimator: st.Estimator, draws: number, key: st.random.Key): number {
  return tf.tidy(() => {
    const tiled = tf.variable(tf.tile(logit, [draws]));
    const {grads} = st.withFrozenState(() => st.variableGrads(() => toyCost(tiled, estimator, key), [tiled]));
    const estimates = tf.mul(grads[tiled.name]!, draws); // the mean over the batch divides each by their number
    const variance = tf.mean(tf.square(tf.sub(estimates, tf.mean(estimates)))).dataSync()[0]!;
    tiled.dispose();
    return variance;
  });
}
