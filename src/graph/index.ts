export {multiSampleBound} from './multiSampleBound.js';
export {carry, type CarryOptions} from './carry.js';
export {cost, type CostOptions} from './cost.js';
export type {DependsOn} from './dependsOn.js';
export {DistributionTensor, type DistributionTensorOptions} from './distributionTensor.js';
export type {Coupling, Requirement} from './estimatorFacts.js';
export type {Draw, Estimator, EstimatorFor, EstimatorOf, LossFunction, Objective, Term} from './estimator.js';
export type {NodeCost, NodeView} from './nodeView.js';
export type {NodeStates, StateParts} from './nodeStates.js';
export type {BoundBelow, Downstream, Frontier, FrontierNode, LateCost} from './inquiry.js';
export {disposeSharedEstimators, withFrozenState} from './estimatorStore.js';
export type {EstimatorConfigs, EstimatorName, NamedEstimator} from './estimatorRegistry.js';
export {isRepetition} from './run.js';
export {ObservedStochasticTensor} from './observedStochasticTensor.js';
export {StochasticTensor} from './stochasticTensor.js';
export {surrogateLoss, type SurrogateLossOptions} from './surrogateLoss.js';
export {
  currentValueType,
  meanValue,
  sampleAndReshapeValue,
  sampleValue,
  withValueType,
  type MeanValue,
  type SampleAndReshapeValue,
  type SampleValue,
  type ValueType,
  type ValueTypeOptions,
} from './valueTypes.js';
export {variableGrads, type VariableGradients} from './variableGrads.js';
