/** Predictions of a model whose random layers draw: their mean, how far they spread, and their quantiles. */
import * as tf from '@tensorflow/tfjs-core';
import type {layers, LayersModel, Sequential} from '@tensorflow/tfjs-layers';
import {constraints, extension} from 'tfjs-stochastic';
import {layersOf} from '../costs/layersOf.js';
import {checkInputs} from '../outputs/distributionOf.js';
import {drawingOf, type Drawing} from './inference.js';
import {quantilesOf} from './quantilesOf.js';

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
  const perDraw = drawn(drawings, samples, () => model.predict(x, {batchSize}));
  try {
    const summaries = model.outputs.map((_, i) =>
      summary(
        perDraw.map(outputs => outputs[i]!),
        quantiles,
      ),
    );
    return summaries.length === 1 ? summaries[0]! : summaries;
  } finally {
    tf.dispose(perDraw);
  }
}

/** What `predict` gives at each draw. */
function drawn(drawings: readonly Drawing[], samples: number, predict: () => tf.Tensor | tf.Tensor[]): tf.Tensor[][] {
  const made: tf.Tensor[][] = [];
  try {
    for (let i = 0; i < samples; i++) {
      drawings.forEach((drawing, place) => drawing.begin(place));
      const outputs = predict();
      made.push(Array.isArray(outputs) ? outputs : [outputs]);
    }
    return made;
  } catch (error) {
    tf.dispose(made);
    throw error;
  } finally {
    for (const drawing of drawings) drawing.end();
  }
}

function summary(draws: tf.Tensor[], ps: readonly number[]): MonteCarloPrediction {
  const found = tf.tidy(() => {
    const samples = tf.stack(draws);
    const {mean, variance} = tf.moments(samples, 0);
    return {samples, mean, stddev: tf.sqrt(variance)};
  });
  return {...found, quantiles: ps.length === 0 ? null : quantilesOf(found.samples, ps)};
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
