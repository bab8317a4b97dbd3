/** Layers of relaxed one-hot vectors. */
import {RelaxedOneHotCategorical, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';
import {relaxedFamily, type RelaxedArgs} from './relaxedFamily.js';

const family = relaxedFamily(
  'relaxedOneHotCategorical',
  (temperature, logits) => new RelaxedOneHotCategorical({temperature, logits}),
);
nameFamily('relaxedOneHotCategorical', family);

/**
 * Vectors in the simplex along the last axis, near one-hot ones, the input being the logits: `[batch, …, classes]` to the
 * same. They have no mean and no mode: in inference the layer gives out a sample.
 * @example
 * ```ts
 * const layer = stl.relaxedOneHotCategorical({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function relaxedOneHotCategorical<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> & RelaxedArgs = {},
): StochasticLayer {
  return familyLayer('relaxedOneHotCategorical', family, args);
}
