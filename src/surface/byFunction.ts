/** Estimators, and the baselines that they take, as functions: the entry `tfjs-stochastic/estimators`, without names. */
export * from '../baselines/index.js';
export * from '../estimators/index.js';
