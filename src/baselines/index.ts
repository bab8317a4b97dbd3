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
export {registerBaseline, type BaselineLike} from './registry.js';
