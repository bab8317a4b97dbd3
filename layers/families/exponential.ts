/** Layers of exponentially distributed values. */
import * as tf from '@tensorflow/tfjs-core';
import {Exponential, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofOneInput} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofOneInput('exponential', raw => new Exponential({rate: tf.softplus(raw)}));
nameFamily('exponential', family, {Exponential});

/**
 * Exponentially distributed values, the input being the raw rates: `[batch, …]` to `[batch, …]`; rate = softplus(raw).
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.exponential({estimator: 'pathwise'})],
 * });
 * model.predict(tf.zeros([2, 3])).shape; // [2, 4]
 * ```
 */
export function exponential<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('exponential', family, args);
}
