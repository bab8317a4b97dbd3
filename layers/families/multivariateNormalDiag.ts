/** Layers of normal vectors with independent elements. */
import * as tf from '@tensorflow/tfjs-core';
import {MultivariateNormalDiag, Normal, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofBlocks} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofBlocks(
  'multivariateNormalDiag',
  ['locations', 'raw scales'],
  ([loc, raw]) => new MultivariateNormalDiag({loc: loc!, scaleDiag: tf.softplus(raw!)}),
);
nameFamily('multivariateNormalDiag', family, {Normal});

/**
 * Normal vectors along the last axis, with independent elements: from `[batch, …, 2n]` (n locations, then n raw scales)
 * or from two inputs `[batch, …, n]`; scale = softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.multivariateNormalDiag({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function multivariateNormalDiag<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> = {},
): StochasticLayer {
  return familyLayer('multivariateNormalDiag', family, args);
}
