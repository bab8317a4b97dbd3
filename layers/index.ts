/** Layers for tfjs-layers models with random nodes. */
import './classes.js';

export * from './families/index.js';
export type {DistributionMaker, LayerShape} from './families/distributionMaker.js';
export {registerDistribution, type DistributionName, type NamedDistribution} from './families/familyNames.js';
export {perSample} from './perSample.js';
export {
  klSchedule,
  type CyclicalSchedule,
  type KlSchedule,
  type KlScheduleConfig,
  type LinearSchedule,
} from './costs/klSchedule.js';
export type {KlWeight, PerExampleWeight, ReadKlWeight} from './costs/klWeight.js';
export type {Loss, LossName} from './costs/readLoss.js';
export type {PriorOptions} from './costs/priorTerm.js';
export {sumOver} from './costs/sumOver.js';
export {monteCarlo, type MonteCarloArgs, type MonteCarloPrediction} from './values/sampledPredictions.js';
export {meanValue, MeanValueLayer, type MeanValueArgs} from './values/meanValue.js';
export {observedValue, type ObservedValueArgs} from './values/observedValue.js';
export {sampleValue} from './values/sampleValue.js';
export {logLikelihoodBound, type LogLikelihoodBoundArgs} from './costs/logLikelihoodBound.js';
export {klMetric, withCosts, type LossWithCosts} from './costs/withCosts.js';
export type {PriorConfig} from './prior.js';
export {stochastic, StochasticLayer, type StochasticArgs, type StochasticLayerArgs} from './stochasticLayer.js';
export {distributionOf, type DistributionOfOptions} from './outputs/distributionOf.js';
export {negativeLogLikelihood} from './outputs/negativeLogLikelihood.js';
export * from './variational/index.js';
