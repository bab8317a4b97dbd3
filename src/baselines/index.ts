export {advantage, baselineFunction} from './advantageFunction.js';
export type {Advantage, Baseline} from './baseline.js';
export {constant} from './constant.js';
export {learned, type LearnedConfig} from './learned.js';
export {leaveOneOut} from './leaveOneOut.js';
export {movingAverage} from './movingAverage.js';
export {
  denseNetwork,
  type DenseNetwork,
  type DenseNetworkConfig,
  type ModelLike,
  type Network,
  type NetworkLike,
} from './network.js';
export {none} from './none.js';
export {normalized} from './normalized.js';
export {registerBaseline, type BaselineLike} from './registry.js';
