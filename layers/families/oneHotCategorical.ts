/** Layers of one-hot vectors. */
import {OneHotCategorical, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofOneInput} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofOneInput('oneHotCategorical', logits => new OneHotCategorical({logits}));
nameFamily('oneHotCategorical', family, {OneHotCategorical});

/**
 * One-hot vectors along the last axis, the input being the logits: `[batch, …, classes]` to the same.
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.oneHotCategorical({estimator: 'relax'})],
 * });
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(1e-3)), loss: 'meanSquaredError'});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 4]
 * ```
 */
export function oneHotCategorical<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('oneHotCategorical', family, args);
}
