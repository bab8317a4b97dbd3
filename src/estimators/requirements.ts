/** What estimators need of a distribution, as data: each rule once. */
import type {Requirement} from '../graph/estimator.js';

/** Anything. */
export const anyDistribution: Requirement = {rule: 'any distribution', accepts: () => true};

/** A finite support that can be listed. */
export const enumerable: Requirement = {
  rule: 'a distribution with a finite support (Bernoulli, Categorical, OneHotCategorical, Binomial, …, or Independent of a few of them)',
  accepts: q => q.isDiscrete && q.has('enumerateSupport'),
};
