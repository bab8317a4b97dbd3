export * as optimizers from './named.js';
export type {Candidate} from './candidate.js';
export {CmaEs, cmaEs, type CmaEsConfig} from './cmaEs.js';
export type {Cost, CostFunction, Given} from './costsAtPlaces.js';
export {CrossEntropyMethod, crossEntropyMethod, type CrossEntropyMethodConfig} from './crossEntropyMethod.js';
export type {
  AskOptions,
  EvolutionaryConfig,
  EvolutionaryOptimizer,
  Generation,
  TellOptions,
} from './evolutionaryOptimizer.js';
export {EvolutionStrategies, evolutionStrategies, type EvolutionStrategiesConfig} from './evolutionStrategies.js';
export type {Best, NormalSearch, NormalSearchConfig} from './normalSearch.js';
export type {NonFinite} from './costWatch.js';
export type {StoppingConfig, StoppingRule} from './stopping.js';
export {StochasticOptimizer, stochasticOptimizer, type StochasticOptimizerConfig} from './stochasticOptimizer.js';
