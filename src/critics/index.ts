export {critic, type CriticConfig} from './critic.js';
export type {Context} from './criticFeatures.js';
export type {CriticNetwork, CriticNode} from './criticNetworks.js';
export {replayBuffer, type ReplayBuffer, type ReplayBufferConfig, type Rows} from './replayBuffer.js';
export type {SignalName} from './signalName.js';
export {tabular, type Tabular, type TabularConfig} from './tabular.js';
export {
  monteCarloTarget,
  temporalDifference,
  type CriticTarget,
  type MonteCarloTarget,
  type TemporalDifference,
} from './target.js';
export {targetNetwork, type TargetNetwork, type TargetNetworkConfig} from './targetNetwork.js';
export type {ReplayConfig, ReplayPolicy} from './transitionReplay.js';
export {
  actionValueLoss,
  deterministicPolicyGradient,
  dynamicsLoss,
  importanceWeights,
  svg0,
  svg1,
  svgInfinity,
  valueLoss,
  type ActionValue,
  type ActionValueLossConfig,
  type ControlPolicy,
  type DeterministicPolicyGradientConfig,
  type DynamicsLossConfig,
  type ImportanceWeightsConfig,
  type Prediction,
  type StateValue,
  type Svg0Config,
  type Svg1Config,
  type SvgInfinityConfig,
  type Trajectory,
  type Transitions,
  type ValueLossConfig,
} from './valueGradients/index.js';
