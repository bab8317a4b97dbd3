/** Layers of logistic values. */
import {Logistic, Normal, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofLocationAndScale} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofLocationAndScale('logistic', Logistic);
nameFamily('logistic', family, {Logistic, Normal});

/**
 * Logistic values: from `[batch, …, 2n]` (n locations, then n raw scales) or from two inputs `[batch, …, n]`; scale =
 * softplus(raw). Gives out `[batch, …, n]`.
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.logistic({estimator: 'pathwise'})],
 * });
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(1e-3)), loss: 'meanSquaredError'});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function logistic<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('logistic', family, args);
}
