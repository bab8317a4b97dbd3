/** Layers that give out what was observed in training, and count how likely it was. */
import {constraints, extension} from 'tfjs-stochastic';
import {allShown, type DistributionFamily, type LayerShape} from '../families/distributionMaker.js';
import {familyLayer} from '../families/familyLayer.js';
import {nameFamily} from '../families/familyNames.js';
import {layerArgNames} from '../layerArgs.js';
import {distributionBehind} from '../outputs/tags.js';
import type {StochasticLayer, StochasticLayerArgs} from '../stochasticLayer.js';

/** Options of `observedValue`. */
export interface ObservedValueArgs extends Omit<
  StochasticLayerArgs,
  'estimator' | 'output' | 'sampleAxis' | 'prior' | 'klWeight' | 'freeBits' | 'klSamples' | 'inference'
> {
  /** What −ln p(y) of each example counts in the loss, ≥ 0; default 1. */
  weight?: number;
  /**
   * What the layer gives out when the model is not being trained: `'mean'` (default), `'mode'` or `'sample'` of the
   * distribution, the mean of a number of draws, or `'observed'`, as in training.
   */
  inference?: 'mean' | 'mode' | 'sample' | 'observed' | number;
}

const family: DistributionFamily = {
  options: ['weight'],
  maker(who, {weight = 1}) {
    extension.checkNumber(who, 'weight', weight, constraints.nonNegative);
    const outputShape = (inputs: LayerShape[]): LayerShape => {
      const [shape, observed] = inputs as [LayerShape, LayerShape?];
      extension.check(
        inputs.length === 2 && observed!.length === shape.length && shape.every((d, i) => agree(d, observed![i])),
        who,
        `observedValue needs a distribution and what was observed of it, of its shape, got ${inputs.length} ` +
          `${inputs.length === 1 ? 'input' : 'inputs'} of ${allShown(inputs)}`,
      );
      return shape;
    };
    return {
      make: ([x]) => distributionBehind(who, x!, 'first input').distribution.element, // of two inputs
      outputShape,
      observed: ([, y]) => ({value: y!, weight}), // of two inputs
    };
  },
};
nameFamily('observedValue', family);

/** Whether two lengths of an axis may be one; null is not known yet. */
const agree = (a: number | null, b: number | null | undefined): boolean => a === b || a === null || b === null;

/**
 * Of two inputs, what a layer with `output: 'distribution'` gave out and what was observed of it, of the same shape: in
 * training the observed value, while weight · (−ln p(y)), summed over the event and averaged over the batch, is added
 * to the model's loss; otherwise what `inference` says of the distribution, and then the observation may be anything.
 * `evaluate` counts it too.
 * @example
 * ```ts
 * const [x, y] = [tf.input({shape: [3]}), tf.input({shape: [1]})];
 * const p = stl.normal({output: 'distribution'}).apply(tf.layers.dense({units: 2}).apply(x));
 * const value = stl.observedValue().apply([p, y]);
 * const model = tf.model({inputs: [x, y], outputs: tf.layers.dense({units: 1}).apply(value)});
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam()), loss: 'meanSquaredError'});
 * await model.fit([tf.ones([8, 3]), tf.ones([8, 1])], tf.ones([8, 1]), {epochs: 1, verbose: 0});
 * ```
 */
export function observedValue(args: ObservedValueArgs = {}): StochasticLayer {
  extension.checkKeys('stl.observedValue', args, ['weight', 'inference', 'seed', ...layerArgNames]);
  return familyLayer('observedValue', family, args as StochasticLayerArgs); // whose inference is the layer's own
}
