/** Predictions of a model whose random layers draw: their mean and how far they spread. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {layersOf} from '../costs/layersOf.js';
import {StochasticLayer} from '../stochasticLayer.js';

/** What `monteCarlo` takes. */
export interface MonteCarloArgs {
  /** How many predictions are drawn; default 100. */
  samples?: number;
  /** As of `predict`; default 32. */
  batchSize?: number;
}

/** Predictions drawn from a model. */
export interface MonteCarloPrediction {
  /** All of them, `[samples, batch, …]`. */
  readonly samples: tf.Tensor;
  /** Their mean, `[batch, …]`. */
  readonly mean: tf.Tensor;
  /** Their standard deviation √(Σ (y − ȳ)² / samples), `[batch, …]`. */
  readonly stddev: tf.Tensor;
}

/**
 * Predicts with random layers drawing, again and again. Nothing else of the model changes: dropout and batch
 * normalization stay as in inference. The three tensors belong to the caller.
 * @param model of one output
 * @throws if the model has several outputs or no random layer that gives out values
 */
export function monteCarlo(
  model: LayersModel,
  x: tf.Tensor | tf.Tensor[],
  args: MonteCarloArgs = {},
): MonteCarloPrediction {
  const who = 'stl.monteCarlo';
  extension.checkKeys(who, args, ['samples', 'batchSize']);
  const {samples = 100, batchSize = 32} = args;
  extension.checkCount(who, 'samples', samples, 1);
  extension.checkCount(who, 'batchSize', batchSize, 1);
  const random = layersOf(who, model).filter(layer => layer instanceof StochasticLayer);
  extension.check(random.length > 0, who, 'the model must have a random layer', model.name);
  extension.check(model.outputs.length === 1, who, 'the model must have one output', model.outputs.length);
  const before = random.map(layer => layer.inference);
  try {
    for (const layer of random) layer.inference = 'sample';
    return tf.tidy(() => {
      const drawn = tf.stack(Array.from({length: samples}, () => model.predict(x, {batchSize}) as tf.Tensor)); // one output
      const {mean, variance} = tf.moments(drawn, 0);
      return {samples: drawn, mean, stddev: tf.sqrt(variance)};
    });
  } finally {
    random.forEach((layer, i) => (layer.inference = before[i]!));
  }
}
