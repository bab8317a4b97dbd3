/** Layers of values from a mixture of normal distributions. */
import {Normal, type EstimatorName} from 'tfjs-stochastic';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';
import {ofComponents, type MixtureArgs} from './componentMixture.js';
import {ofLocationAndScale} from './distributionMaker.js';
import {familyLayer} from './familyLayer.js';
import {nameFamily} from './familyNames.js';

const component = ofLocationAndScale('normal', Normal);
const family = ofComponents('mixtureNormal', (who, _config, depth) => component.maker(who, {}, depth));
nameFamily('mixtureNormal', family, {Normal});

/**
 * Vectors of n numbers along the last axis, each from one of K normal distributions with independent elements: from
 * `[batch, …, K + 2nK]`, the logits of the components, and then for each component n locations and n raw scales; scale =
 * softplus(raw). Gives out `[batch, …, n]`. There is no mode.
 * @example
 * ```ts
 * const layer = stl.mixtureNormal({components: 5, output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function mixtureNormal<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> & MixtureArgs,
): StochasticLayer {
  return familyLayer('mixtureNormal', family, args);
}
