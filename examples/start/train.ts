/** Trains one model with one estimator. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {type Batches, type Dataset, imageSize, pick} from '../data/dataset.js';
import {prng} from '../data/prng.js';
import {yieldToEvents} from '../job/interrupt.js';
import {messageOf} from '../job/job.js';
import {makeContender} from './estimators.js';
import {Vae} from './model.js';
import type {Curve} from '../report/curves.js';
import {describeFigures, type Progress} from '../report/progress.js';
import type {Pictures, Run} from './report.js';
import {logGradientVariance} from './variance.js';

export interface TrainConfig {
  readonly dataset: Dataset;
  readonly batches: Batches;
  readonly steps: number;
  /** Layers of latents; default 1. */
  readonly layers?: number;
  readonly seed: number;
  readonly progress: Progress;
  /** Asked before each step. */
  readonly stop: () => boolean;
  /** Called whenever there is a new point of a curve; the run so far. */
  readonly onPoint?: (runSoFar: () => Run) => void;
}

// Ten gradients every fifty steps: a sixth of the time of a run.
const varianceEvery = 50;
const varianceDraws = 10;
const curvePoints = 80;
const pictured = 10;

/**
 * Every estimator of one seed starts from the same weights and sees the same images in the same order. An error in a
 * step ends the run, which then carries it: what was measured before is not lost.
 */
export async function train(name: string, config: TrainConfig): Promise<{run: Run; pictures: Pictures | null}> {
  const {dataset, batches, steps, layers = 1, seed, progress} = config;
  const {batch} = batches;
  const [forWeights, forEstimator, forSteps, forVariance, forPictures] = st.random.split(st.random.key(seed), 5) as [
    st.random.Key,
    st.random.Key,
    st.random.Key,
    st.random.Key,
    st.random.Key,
  ]; // five were asked for
  const vae = new Vae(dataset.mean, forWeights, layers);
  const {estimators, dispose} = makeContender(name, vae, forEstimator);
  // Adam as in the RELAX paper, one for the model and one for baselines and control variates.
  const adam = (): tf.Optimizer => tf.train.adam(1e-3, 0.9, 0.99999);
  const optimizer = st.stochasticOptimizer(adam(), {controlVariateOptimizer: adam()});
  const fixed = tf.tensor2d(
    pick(
      dataset,
      Array.from({length: batch}, (_, i) => i),
      prng(seed, 4),
    ),
    [batch, imageSize],
  );

  const elbo: Curve = [],
    logVariance: Curve = [];
  const every = Math.max(1, Math.ceil(steps / curvePoints));
  let [done, windowSum, recent, elapsed] = [0, 0, NaN, 0];
  const measure = (): void => {
    const key = st.random.foldIn(forVariance, done);
    const value = logGradientVariance(k => vae.cost(fixed, estimators, k), vae.encoderVariables, varianceDraws, key);
    if (Number.isFinite(value)) logVariance.push([done, value]);
  };

  const addPoint = (): void => {
    elbo.push([done, windowSum / (done - (elbo.at(-1)?.[0] ?? 0))]);
    windowSum = 0;
  };
  const runSoFar = (): Run => ({
    estimator: name,
    steps: done,
    elbo,
    logVariance,
    msPerStep: done > 0 ? elapsed / done : 0,
  });

  const trainToTheEnd = async (): Promise<void> => {
    while (done < steps && !config.stop()) {
      if (done % varianceEvery === 0) measure();
      const start = performance.now();
      const value = tf.tidy(() => {
        const x = tf.tensor2d(batches.at(done), [batch, imageSize]);
        const key = st.random.foldIn(forSteps, done);
        return -optimizer.minimize(() => vae.cost(x, estimators, key), true, [...vae.variables])!.dataSync()[0]!;
      });
      elapsed += performance.now() - start;
      done++;
      windowSum += value;
      recent = Number.isNaN(recent) ? value : 0.98 * recent + 0.02 * value;
      if (done % every === 0 || done === steps) {
        addPoint();
        config.onPoint?.(runSoFar);
      }
      const stepsPerSecond = (1000 * done) / elapsed;
      progress.update(
        done,
        `${describeFigures([
          ['ELBO', recent, 1],
          ['ln variance', logVariance.at(-1)?.[1] ?? NaN, 2],
        ])}  ${stepsPerSecond.toFixed(0)} steps/s`,
      );
      await yieldToEvents();
    }
    if (done > 0 && done % varianceEvery === 0) measure();
  };

  const failure = await failureOf(trainToTheEnd);
  if (done > (elbo.at(-1)?.[0] ?? 0)) addPoint();
  let pictures: Pictures | null = null;
  const late = await failureOf(() => {
    pictures = picture(vae, dataset, prng(seed, 5), forPictures);
    vae.dispose();
    dispose();
    optimizer.dispose();
    fixed.dispose();
  });
  const error = failure ?? late;
  return {run: {...runSoFar(), ...(error !== null && {error})}, pictures};
}

/** What `f` fails with, if it does. */
async function failureOf(f: () => void | Promise<void>): Promise<string | null> {
  try {
    await f();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function picture(vae: Vae, dataset: Dataset, random: ReturnType<typeof prng>, key: st.random.Key): Pictures {
  return tf.tidy(() => {
    const n = Math.min(pictured, dataset.count);
    const x = tf.tensor2d(
      pick(
        dataset,
        Array.from({length: n}, (_, i) => i),
        random,
      ),
      [n, imageSize],
    );
    const [forLatents, forPrior] = st.random.split(key, 2) as [st.random.Key, st.random.Key]; // two were asked for
    return {
      originals: images(x),
      reconstructions: images(vae.reconstruct(x, forLatents)),
      samples: images(vae.generate(pictured, forPrior)),
    };
  });
}

function images(batch: tf.Tensor): Float32Array[] {
  const all = batch.dataSync() as Float32Array; // float32 tensors hold their data so
  return Array.from({length: all.length / imageSize}, (_, i) => all.slice(i * imageSize, (i + 1) * imageSize));
}
