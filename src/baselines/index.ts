export * from './all.js';
export {advantage, baselineFunction} from './advantageFunction.js';
export type {Advantage, Baseline} from './baseline.js';
export {
  denseNetwork,
  type DenseNetwork,
  type DenseNetworkConfig,
  type ModelLike,
  type Network,
  type NetworkLike,
} from './network.js';
export {
  registerBaseline,
  type BaselineConfigs,
  type BaselineLike,
  type BaselineName,
  type NamedBaseline,
} from './registry.js';
