export {StochasticOptimizer, stochasticOptimizer, type StochasticOptimizerConfig} from './stochasticOptimizer.js';
