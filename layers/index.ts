/** Layers for tfjs-layers models with random nodes. */
export * from './families/index.js';
export type {DistributionMaker, LayerShape} from './families/distributionMaker.js';
export {registerDistribution, type DistributionName, type NamedDistribution} from './families/familyNames.js';
export {perSample, type Loss, type LossName} from './perSample.js';
export type {PriorConfig} from './prior.js';
export {stochastic, StochasticLayer, type StochasticArgs, type StochasticLayerArgs} from './stochasticLayer.js';
export {distributionOf, type DistributionOfOptions} from './outputs/distributionOf.js';
export {negativeLogLikelihood} from './outputs/negativeLogLikelihood.js';
export * from './variational/index.js';
