export * from './all.js';
export {stochasticGradientEstimators} from './bayesflow.js';
export type {ControlVariate} from './controlVariate.js';
export type {Temperature} from './temperature.js';
