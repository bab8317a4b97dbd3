/** Every optimizer by its factory: `st.optimizers`. */
export {cmaEs} from './cmaEs.js';
export {crossEntropyMethod} from './crossEntropyMethod.js';
export {evolutionStrategies} from './evolutionStrategies.js';
export {stochasticOptimizer} from './stochasticOptimizer.js';
