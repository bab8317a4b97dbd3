/** How likely a model with random layers finds data: a bound by several draws. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {extension, multiSampleBound} from 'tfjs-stochastic';
import {checkInputs} from '../outputs/distributionOf.js';
import {negativeLogLikelihood} from '../outputs/negativeLogLikelihood.js';
import {drawingOf, type Drawing} from '../values/inference.js';
import {checkStateless} from '../values/sampledPredictions.js';
import {tiledRows} from '../values/tiledRows.js';
import {hearRatios} from './drawnRatios.js';
import {layersOf} from './layersOf.js';
import {lossesOf, metricsOfParts} from './lossFacts.js';
import {sumOver} from './sumOver.js';
import type {Loss, LossName} from './readLoss.js';

/** What `logLikelihoodBound` takes. */
export interface LogLikelihoodBoundArgs {
  /** K, how many draws are made for each example; default 50. */
  samples?: number;
  /** How many examples are in the model at once, each `samples` times; default 32. */
  batchSize?: number;
  /**
   * −ln p(y | z), summed over what belongs to an example, by name or as a function (as of `withCosts`). Default the
   * loss that the model was compiled with, if that is `withCosts` or `negativeLogLikelihood`.
   */
  loss?: LossName | Loss;
}

/**
 * ln (1/K) Σ_k p(y, z_k) / q(z_k | x) of each example, the bound of K samples on ln p(y) (Burda et al. 2016, eq. 8):
 * the figure by which models with latent variables are compared. z are the draws of all random layers, q their
 * distributions, p their priors. With K = 1 its mean is the ELBO; it grows with K towards ln p(y).
 *
 * Priors count in full, whatever `klWeight` and `freeBits` are; what layers like `observedValue` observe counts as a
 * factor of p; other costs of layers and regularisers do not. Everything but the draws is as in inference. It is a
 * report: a gradient of it is refused.
 *
 * @param x the input, or a list of inputs, as `model.predict` takes them
 * @param y the targets, as `model.evaluate` takes them
 * @returns `[examples]`, in nats
 * @throws unless the model has one output, its random layers have priors and draw their outputs (not weights, which all
 *   examples share), and none is stateful
 * @example
 * ```ts
 * const prior = {name: 'Normal', config: {loc: 0, scale: 1}};
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.normal({prior}), tf.layers.dense({units: 3, activation: 'sigmoid'})],
 * });
 * const images = tf.ones([8, 3]);
 * const bound = stl.logLikelihoodBound(model, images, images, {samples: 10, loss: 'binaryCrossentropy'});
 * bound.shape; // [8]
 * ```
 */
export function logLikelihoodBound(
  model: LayersModel,
  x: tf.Tensor | tf.Tensor[],
  y: tf.Tensor,
  args: LogLikelihoodBoundArgs = {},
): tf.Tensor1D {
  const who = 'stl.logLikelihoodBound';
  extension.check(typeof model?.apply === 'function' && Array.isArray(model.outputs), who, 'needs a model', model);
  extension.checkKeys(who, args, ['samples', 'batchSize', 'loss']);
  const {samples = 50, batchSize = 32, loss} = args;
  extension.checkCount(who, 'samples', samples, 1);
  extension.checkCount(who, 'batchSize', batchSize, 1);
  extension.check(model.outputs.length === 1, who, 'the model must have one output', model.outputs.length);
  const inputs = Array.isArray(x) ? x : [x];
  checkInputs(who, model, inputs);
  const [examples] = inputs[0]!.shape as [number, ...number[]]; // as was checked
  const fits = [...inputs, y].every(t => t instanceof tf.Tensor && !t.isDisposed && t.shape[0] === examples);
  extension.check(fits, who, `the targets must be a tensor of as many examples as the inputs, ${examples}`, y);
  const negativeLog = readLikelihood(who, model, loss);
  const drawings = drawingsOf(who, model);

  const boundOf = (from: number): tf.Tensor1D => {
    const many = Math.min(batchSize, examples - from);
    const [targets, ...given] = [y, ...inputs].map(t => tiledRows(t, from, many, samples)) as [
      tf.Tensor,
      ...tf.Tensor[],
    ];
    const {value, terms} = hearRatios(() => model.apply(given.length === 1 ? given[0]! : given, {training: false}));
    const rows = samples * many;
    const all = [tf.neg(negativeLog(targets, value as tf.Tensor)), ...terms]; // one output of tensors
    for (const term of all)
      extension.check(
        term.rank === 1 && term.shape[0] === rows,
        who,
        'what the loss and the layers count must be a number for each example',
        term,
      );
    return multiSampleBound(tf.reshape(tf.addN(all), [samples, many])) as tf.Tensor1D; // of the axis of samples
  };
  drawings.forEach((drawing, place) => drawing.begin(place));
  try {
    const all = tf.tidy(() => {
      const bounds: tf.Tensor1D[] = [];
      for (let from = 0; from < examples; from += batchSize) bounds.push(tf.tidy(() => boundOf(from)));
      return bounds.length === 0 ? tf.zeros([0]) : tf.concat1d(bounds);
    });
    const weights = model.trainableWeights.map(weight => weight.read());
    return extension.refuseGradient(all, [...weights, ...inputs], who, NO_GRADIENT) as tf.Tensor1D; // of the same shape
  } finally {
    for (const drawing of drawings) drawing.end();
  }
}

/** The draws of most families have no derivative, and no estimator stands for it. */
const NO_GRADIENT =
  'is a report, and was differentiated: train on the loss of stl.withCosts, or on st.importanceWeightedBound';

/** −ln p(y | z) of each example. */
function readLikelihood(who: string, model: LayersModel, loss: LossName | Loss | undefined): Loss {
  if (loss === negativeLogLikelihood) return negativeLogLikelihood;
  if (loss !== undefined) return sumOver(loss);
  const [compiled] = lossesOf(model.loss, model.outputNames ?? model.outputs.map(() => ''));
  if (compiled === negativeLogLikelihood) return negativeLogLikelihood;
  const reconstruction = metricsOfParts(compiled)?.[0];
  extension.check(
    reconstruction !== undefined,
    who,
    'the loss must be that of stl.withCosts, stl.negativeLogLikelihood, or be given as {loss}, so that it is a sum for each example',
    typeof compiled === 'function' ? compiled.name : compiled,
  );
  return reconstruction;
}

/** The layers that draw in training, which shall draw here. */
function drawingsOf(who: string, model: LayersModel): Drawing[] {
  const all = layersOf(who, model);
  const found = all.flatMap(layer => {
    const drawing = drawingOf(layer);
    const name = `layer ${JSON.stringify(layer.name)}`;
    extension.check(drawing?.inTraining !== 'weights', who, `${name} draws weights, which all examples share`);
    return drawing?.inTraining === 'output' ? [drawing] : [];
  });
  extension.check(found.length > 0, who, 'the model must have a layer that draws', model.name);
  checkStateless(who, all);
  return found;
}
