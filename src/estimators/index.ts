export * as estimators from '../graph/estimatorRegistry.js';
export {stochasticGradientEstimators} from './bayesflow.js';
export type {ControlVariate} from './controlVariate.js';
export {lax, type LaxConfig} from './lax.js';
export {pathwise} from './pathwise.js';
export {nvil} from './presets.js';
export {relax, type RelaxConfig} from './relax.js';
export {scoreFunction, type ScoreFunctionConfig} from './scoreFunction.js';
