export * from './all.js';
export {stochasticGradientEstimators} from './bayesflow/stochasticGradientEstimators.js';
export type {ControlVariate} from './shared/controlVariate.js';
export type {Temperature} from './shared/temperature.js';
