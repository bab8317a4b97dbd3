/** Layers of counts. */
import {Poisson, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofOneInput} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const family = ofOneInput('poisson', logRate => new Poisson({logRate}));
nameFamily('poisson', family);

/**
 * Poisson counts, the input being the logarithms of the rates: `[batch, …]` to `[batch, …]`.
 * @example
 * ```ts
 * const layer = stl.poisson({output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function poisson<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return familyLayer('poisson', family, args);
}
