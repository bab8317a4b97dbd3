/** Layers of counts, overdispersed. */
import * as tf from '@tensorflow/tfjs-core';
import {NegativeBinomial, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofBlocks} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofBlocks(
  'negativeBinomial',
  ['raw total counts', 'logits'],
  ([raw, logits]) => new NegativeBinomial({totalCount: tf.softplus(raw!), logits: logits!}),
);
nameFamily('negativeBinomial', family);

/**
 * Negative binomial counts: from `[batch, …, 2n]` (n raw total counts, then n logits) or from two inputs `[batch, …,
 * n]`; totalCount = softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.negativeBinomial({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function negativeBinomial<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('negativeBinomial', family, args);
}
