/** All families, one line each. */
export {Distribution, type DistributionConfig, type OptionalMethod, type Param, type Relaxation, type SampleOptions} from './distribution.js';
export {klDivergence, registerKl} from './kl.js';
export type {Constraint} from './constraints.js';
export {Bernoulli, type BernoulliConfig} from './bernoulli.js';
export {Normal, type NormalConfig} from './normal.js';
