export {deterministicPolicyGradient, type DeterministicPolicyGradientConfig} from './deterministicPolicyGradient.js';
export {
  actionValueLoss,
  dynamicsLoss,
  importanceWeights,
  valueLoss,
  type ActionValueLossConfig,
  type DynamicsLossConfig,
  type ImportanceWeightsConfig,
  type ValueLossConfig,
} from './losses.js';
export type {ActionValue, ControlPolicy, Prediction, StateValue} from './predictions.js';
export {svg0, type Svg0Config} from './svg0.js';
export {svg1, type Svg1Config} from './svg1.js';
export {svgInfinity, type SvgInfinityConfig} from './svgInfinity.js';
export type {Trajectory, Transitions} from './transitions.js';
