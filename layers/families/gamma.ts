/** Layers of gamma values. */
import * as tf from '@tensorflow/tfjs-core';
import {Exponential, Gamma, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofBlocks} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofBlocks(
  'gamma',
  ['raw concentrations', 'raw rates'],
  ([raw, rawRate]) => new Gamma({concentration: tf.softplus(raw!), rate: tf.softplus(rawRate!)}),
);
nameFamily('gamma', family, {Exponential});

/**
 * Gamma values, > 0: from `[batch, …, 2n]` (n raw concentrations, then n raw rates) or from two inputs `[batch, …, n]`;
 * concentration and rate = softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.gamma({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function gamma<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('gamma', family, args);
}
