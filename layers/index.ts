/** Layers for tfjs-layers models with random nodes. */
import {extension, type EstimatorName} from 'tfjs-stochastic';
import {layerOptions, StochasticLayer, type StochasticArgs, type StochasticLayerArgs} from './stochasticLayer.js';

export {registerDistribution, type DistributionMaker, type DistributionName, type LayerShape} from './makers.js';
export {perSample, type Loss, type LossName} from './perSample.js';
export type {PriorConfig} from './prior.js';
export {StochasticLayer, type StochasticArgs, type StochasticLayerArgs};

/**
 * A layer that draws from any distribution; see `StochasticArgs`.
 * @example
 * ```ts
 * const layer = stl.stochastic({distribution: ([loc]) => new st.Normal({loc, scale: 1}), inputShape: [3]});
 * tf.sequential({layers: [layer]}).predict(tf.ones([1, 3])); // [[1, 1, 1]]
 * ```
 */
export function stochastic<Name extends EstimatorName>(args: StochasticArgs<Name>): StochasticLayer {
  return new StochasticLayer(args);
}

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
  return ofFamily('bernoulli', args);
}

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
  return ofFamily('oneHotCategorical', args);
}

/**
 * Normal values: from `[batch, …, 2n]` (n locations, then n raw scales) or from two inputs `[batch, …, n]`; scale =
 * softplus(raw).
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.normal({estimator: 'pathwise'})],
 * });
 * model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(1e-3)), loss: 'meanSquaredError'});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function normal<Name extends EstimatorName>(args: StochasticLayerArgs<Name> = {}): StochasticLayer {
  return ofFamily('normal', args);
}

function ofFamily(distribution: string, args: StochasticLayerArgs): StochasticLayer {
  extension.checkKeys(`stl.${distribution}`, args, layerOptions);
  return new StochasticLayer({...args, distribution});
}
