/** Layers for tfjs-layers models with random nodes. */
import {extension} from 'tfjs-stochastic';
import {
  layerOptions,
  StochasticLayer,
  type EstimatorConfig,
  type StochasticArgs,
  type StochasticLayerArgs,
} from './stochasticLayer.js';

export {registerDistribution, type DistributionMaker, type LayerShape} from './makers.js';
export {perSample, type Loss, type LossName} from './perSample.js';
export type {PriorConfig} from './prior.js';
export {StochasticLayer, type EstimatorConfig, type StochasticArgs, type StochasticLayerArgs};

/** A layer that draws from any distribution; see `StochasticArgs`. */
export function stochastic(args: StochasticArgs): StochasticLayer {
  return new StochasticLayer(args);
}

/** 0/1 values, the input being the logits: `[batch, …]` to `[batch, …]`. */
export function bernoulli(args: StochasticLayerArgs = {}): StochasticLayer {
  return ofFamily('bernoulli', args);
}

/** One-hot vectors along the last axis, the input being the logits: `[batch, …, classes]` to the same. */
export function oneHotCategorical(args: StochasticLayerArgs = {}): StochasticLayer {
  return ofFamily('oneHotCategorical', args);
}

/**
 * Normal values: from `[batch, …, 2n]` (n locations, then n raw scales) or from two inputs `[batch, …, n]`; scale =
 * softplus(raw).
 */
export function normal(args: StochasticLayerArgs = {}): StochasticLayer {
  return ofFamily('normal', args);
}

function ofFamily(distribution: string, args: StochasticLayerArgs): StochasticLayer {
  extension.checkKeys(`stl.${distribution}`, args, layerOptions);
  return new StochasticLayer({...args, distribution});
}
