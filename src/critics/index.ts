export {replayBuffer, type ReplayBuffer, type ReplayBufferConfig, type Rows} from './replayBuffer.js';
export {targetNetwork, type TargetNetwork, type TargetNetworkConfig} from './targetNetwork.js';
export * from './valueGradients/index.js';
