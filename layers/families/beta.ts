/** Layers of beta values. */
import * as tf from '@tensorflow/tfjs-core';
import {Beta, Uniform, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofBlocks} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofBlocks(
  'beta',
  ['raw concentrations at 1', 'raw concentrations at 0'],
  ([one, zero]) => new Beta({concentration1: tf.softplus(one!), concentration0: tf.softplus(zero!)}),
);
nameFamily('beta', family, {Uniform});

/**
 * Beta values, in (0, 1): from `[batch, …, 2n]` (n raw concentrations at 1, then n at 0) or from two inputs `[batch, …,
 * n]`; concentration = softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.beta({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function beta<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('beta', family, args);
}
