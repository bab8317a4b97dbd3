/** Monte Carlo integration, by the names of bayesflow's `monte_carlo`: `st.monteCarlo`. */
export {expectationImportanceSampler, expectationImportanceSamplerLogSpace, type OfDraws} from './importanceSampler.js';
