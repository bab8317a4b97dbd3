/** Layers that draw from the distribution that the layer in front stands for. */
import type {EstimatorName} from 'tfjs-stochastic';
import type {DistributionFamily} from '../families/distributionMaker.js';
import {oneOf} from '../families/distributionMaker.js';
import {familyLayer} from '../families/familyLayer.js';
import {nameFamily} from '../families/familyNames.js';
import {distributionBehind} from '../outputs/tags.js';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';

const family: DistributionFamily = {
  options: [],
  maker: who => ({
    make: ([x]) => distributionBehind(who, x!, 'input').distribution.element, // of the one input
    outputShape: inputs => oneOf(who, 'sampleValue', inputs),
  }),
};
nameFamily('sampleValue', family);

/**
 * A draw from the distribution that a layer with `output: 'distribution'` in front of it stands for; otherwise as the
 * layer of that family with these options: in training it draws, with its estimator, and when the model is not being
 * trained it gives out what `inference` says (the mean by default). Several layers of values may stand behind one
 * distribution, each with draws of its own.
 * @example
 * ```ts
 * const x = tf.input({shape: [3]});
 * const q = stl.normal({output: 'distribution', name: 'q'}).apply(tf.layers.dense({units: 4}).apply(x));
 * const prior = {name: 'Normal', config: {loc: 0, scale: 1}};
 * const z = stl.sampleValue({prior, klWeight: 0.1}).apply(q);
 * const model = tf.model({inputs: x, outputs: tf.layers.dense({units: 3}).apply(z)});
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam()), loss: 'meanSquaredError'});
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 3]), {epochs: 1, verbose: 0});
 * ```
 */
export function sampleValue<Name extends EstimatorName>(
  args: Omit<StochasticLayerArgs<Name>, 'output'> = {},
): StochasticLayer {
  return familyLayer('sampleValue', family, args);
}
