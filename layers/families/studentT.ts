/** Layers of Student's t values. */
import * as tf from '@tensorflow/tfjs-core';
import {Normal, StudentT, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofBlocks} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofBlocks(
  'studentT',
  ['raw degrees of freedom', 'locations', 'raw scales'],
  ([rawDf, loc, raw]) => new StudentT({df: tf.add(tf.softplus(rawDf!), 2), loc: loc!, scale: tf.softplus(raw!)}),
);
nameFamily('studentT', family, {Normal});

/**
 * Student's t values: from `[batch, …, 3n]` (n raw degrees of freedom, n locations, n raw scales) or from three inputs
 * `[batch, …, n]`; df = 2 + softplus(raw), so that there is a variance, scale = softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const layer = stl.studentT({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function studentT<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('studentT', family, args);
}
