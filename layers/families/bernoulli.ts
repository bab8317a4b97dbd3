/** Layers of bits. */
import {Bernoulli, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofOneInput} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofOneInput('bernoulli', logits => new Bernoulli({logits}));
nameFamily('bernoulli', family, {Bernoulli});

/**
 * 0/1 values, the input being the logits: `[batch, …]` to `[batch, …]`.
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.bernoulli({estimator: 'relax'})],
 * });
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(1e-3)), loss: 'meanSquaredError'});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 4]
 * ```
 */
export function bernoulli<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('bernoulli', family, args);
}
