/** Predictions of a model whose random layers draw: their mean, how far they spread, and their quantiles. */
import * as tf from '@tensorflow/tfjs-core';
import type {layers, LayersModel, Sequential} from '@tensorflow/tfjs-layers';
import {constraints, extension} from 'tfjs-stochastic';
import {layersOf} from '../costs/layersOf.js';
import {checkInputs} from '../outputs/distributionOf.js';
import {drawingOf, type Drawing} from './inference.js';
import {quantilesOf} from './quantilesOf.js';
import {tiledRows} from './tiledRows.js';

/** What `monteCarlo` takes. */
export interface MonteCarloArgs {
  /** How many predictions are drawn; default 100. */
  samples?: number;
  /** As of `predict`; default 32. */
  batchSize?: number;
  /** Which quantiles of the predictions are wanted, numbers in [0, 1]; default none. */
  quantiles?: readonly number[];
}

/** Predictions drawn from a model. */
export interface MonteCarloPrediction {
  /** All of them, `[samples, batch, …]`. */
  readonly samples: tf.Tensor;
  /** Their mean, `[batch, …]`. */
  readonly mean: tf.Tensor;
  /** Their standard deviation √(Σ (y − ȳ)² / samples), `[batch, …]`. */
  readonly stddev: tf.Tensor;
  /** Their quantiles, `[quantiles, batch, …]`, between two draws by a straight line; null where none were asked for. */
  readonly quantiles: tf.Tensor | null;
}

/**
 * Predicts with random layers drawing, again and again: those that give out values or stand for distributions, and
 * those with random weights. Nothing else of the model changes: dropout and batch normalization stay as in inference,
 * and so do the layers' own `inference` options.
 *
 * Random outputs are drawn anew for each example; random weights once for each of the `samples`, so that each of them is
 * the prediction of one network, whatever the batch size. An output layer that stands for a distribution gives draws
 * of the targets, whose spread is that of the predictive distribution.
 *
 * The tensors belong to the caller: `tf.dispose` takes what is returned as it is.
 *
 * @param x the input, or a list of inputs, as `model.predict` takes them
 * @returns of a model of one output one prediction, else a list, in the order of the outputs; one draw serves all of them
 * @throws if the model has no random layer, or one that is stateful
 * @example
 * ```ts
 * const model = tf.sequential({layers: [stl.denseFlipout({units: 1, inputShape: [3]})]});
 * const {mean, stddev, quantiles} = stl.monteCarlo(model, tf.ones([4, 3]), {samples: 20, quantiles: [0.05, 0.5, 0.95]});
 * mean.shape; // [4, 1]
 * stddev.shape; // [4, 1]
 * quantiles.shape; // [3, 4, 1]
 * ```
 */
export function monteCarlo(model: Sequential, x: tf.Tensor | tf.Tensor[], args?: MonteCarloArgs): MonteCarloPrediction;
export function monteCarlo(
  model: LayersModel,
  x: tf.Tensor | tf.Tensor[],
  args?: MonteCarloArgs,
): MonteCarloPrediction | MonteCarloPrediction[];
export function monteCarlo(
  model: LayersModel,
  x: tf.Tensor | tf.Tensor[],
  args: MonteCarloArgs = {},
): MonteCarloPrediction | MonteCarloPrediction[] {
  const who = 'stl.monteCarlo';
  extension.check(typeof model?.predict === 'function' && Array.isArray(model.layers), who, 'needs a model', model);
  extension.checkKeys(who, args, ['samples', 'batchSize', 'quantiles']);
  const {samples = 100, batchSize = 32, quantiles = []} = args;
  extension.checkCount(who, 'samples', samples, 1);
  extension.checkCount(who, 'batchSize', batchSize, 1);
  extension.check(Array.isArray(quantiles), who, 'quantiles must be a list of numbers in [0, 1]', quantiles);
  for (const p of quantiles) extension.checkNumber(who, 'quantiles', p, constraints.unitInterval);
  const all = layersOf(who, model);
  const drawings = all.flatMap(layer => drawingOf(layer) ?? []);
  extension.check(drawings.length > 0, who, 'the model must have a random layer', model.name);
  checkStateless(who, all);
  extension.check(Array.isArray(model.inputs), who, 'the model must be built: give its first layer an inputShape');
  checkInputs(who, model, Array.isArray(x) ? x : [x]);
  const predict: Predict = given => [model.predict(given, {batchSize})].flat();
  const drawn = inOneBatch(drawings, samples, x, predict) ?? oneByOne(drawings, samples, x, predict);
  const summaries = drawn.map(draws => summary(draws, quantiles));
  return summaries.length === 1 ? summaries[0]! : summaries;
}

type Predict = (x: tf.Tensor | tf.Tensor[]) => tf.Tensor[];

/** So many rows are predicted at once, and so many numbers go in, unless the examples themselves are more. */
const MOST = {rows: 4096, numbers: 2 ** 22};

/**
 * The draws of each output, `[samples, batch, …]`, with the examples several times in a batch; null where weights are
 * drawn, which all examples share, and where outputs are not of one example each.
 */
function inOneBatch(
  drawings: readonly Drawing[],
  samples: number,
  x: tf.Tensor | tf.Tensor[],
  predict: Predict,
): tf.Tensor[] | null {
  if (drawings.some(({inTraining}) => inTraining === 'weights')) return null;
  const [examples] = [x].flat()[0]!.shape as [number, ...number[]]; // as was checked
  const numbers = [x].flat().reduce((sum, {size}) => sum + size, 0);
  const many = Math.floor(Math.min(MOST.rows / Math.max(1, examples), MOST.numbers / Math.max(1, numbers)));
  if (many < 2) return null; // nothing is won
  let isOfRows = true;
  const parts = drawing(drawings, Math.ceil(samples / many), i => {
    const times = Math.min(many, samples - i * many);
    const tiled = [x].flat().map(t => tiledRows(t, 0, examples, times));
    try {
      const outputs = predict(tiled.length === 1 ? tiled[0]! : tiled);
      isOfRows &&= outputs.every(({shape}) => shape[0] === times * examples);
      return outputs;
    } finally {
      tf.dispose(tiled);
    }
  });
  if (isOfRows) return alongDraws(parts, part => tf.reshape(part, [-1, examples, ...part.shape.slice(1)]));
  tf.dispose(parts);
  return null;
}

/** The same, with one prediction for each draw. */
function oneByOne(
  drawings: readonly Drawing[],
  samples: number,
  x: tf.Tensor | tf.Tensor[],
  predict: Predict,
): tf.Tensor[] {
  return alongDraws(
    drawing(drawings, samples, () => predict(x)),
    part => tf.expandDims(part, 0),
  );
}

/** What `predict` gives so many times, each with what all examples share drawn anew. */
function drawing(drawings: readonly Drawing[], times: number, predict: (i: number) => tf.Tensor[]): tf.Tensor[][] {
  const made: tf.Tensor[][] = [];
  try {
    for (let i = 0; i < times; i++) {
      drawings.forEach((one, place) => one.begin(place));
      made.push(predict(i));
    }
    return made;
  } catch (error) {
    tf.dispose(made);
    throw error;
  } finally {
    for (const one of drawings) one.end();
  }
}

/** Of each output all parts, which are disposed, one behind the other along the axis of draws. */
function alongDraws(parts: tf.Tensor[][], withDraws: (part: tf.Tensor) => tf.Tensor): tf.Tensor[] {
  try {
    return tf.tidy(() =>
      parts[0]!.map((_, i) =>
        tf.concat(
          parts.map(outputs => withDraws(outputs[i]!)),
          0,
        ),
      ),
    );
  } finally {
    tf.dispose(parts);
  }
}

function summary(samples: tf.Tensor, ps: readonly number[]): MonteCarloPrediction {
  const found = tf.tidy(() => {
    const {mean, variance} = tf.moments(samples, 0);
    return {mean, stddev: tf.sqrt(variance)};
  });
  return {samples, ...found, quantiles: ps.length === 0 ? null : quantilesOf(samples, ps)};
}

/** A draw would begin where the one before it left off. */
export function checkStateless(who: string, all: readonly layers.Layer[]): void {
  for (const layer of all) {
    const isOne = !('layers' in layer); // a model is stateful where a layer of it is
    extension.check(
      !(isOne && layer.stateful),
      who,
      `layer ${JSON.stringify(layer.name)} is stateful, and would go on from draw to draw`,
    );
  }
}
