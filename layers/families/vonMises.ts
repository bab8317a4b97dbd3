/** Layers of angles. */
import * as tf from '@tensorflow/tfjs-core';
import {Uniform, VonMises, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofBlocks} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofBlocks(
  'vonMises',
  ['locations', 'raw concentrations'],
  ([loc, raw]) => new VonMises({loc: loc!, concentration: tf.softplus(raw!)}),
);
nameFamily('vonMises', family, {Uniform});

/**
 * Angles: from `[batch, …, 2n]` (n locations, then n raw concentrations) or from two inputs `[batch, …, n]`;
 * concentration = softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.vonMises({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function vonMises<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('vonMises', family, args);
}
