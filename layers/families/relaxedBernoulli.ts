/** Layers of relaxed bits. */
import {RelaxedBernoulli, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';
import {relaxedFamily, type RelaxedArgs} from './relaxedFamily.js';

const family = relaxedFamily('relaxedBernoulli', (temperature, logits) => new RelaxedBernoulli({temperature, logits}));
nameFamily('relaxedBernoulli', family);

/**
 * Numbers in (0, 1) near 0 or 1, the input being the logits: `[batch, …]` to `[batch, …]`. They have no mean and no
 * mode: in inference the layer gives out a sample.
 * @example
 * ```ts
 * const layer = stl.relaxedBernoulli({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function relaxedBernoulli<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> & RelaxedArgs = {},
): StochasticLayer {
  return familyLayer('relaxedBernoulli', family, args);
}
