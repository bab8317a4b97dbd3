/** What estimators need of a distribution, as data: each rule once. */
import {fixedSupport, reparameterized} from '../../graph/defaultEstimators.js';
import type {Requirement} from '../../graph/estimatorFacts.js';
import {oneHot} from '../../constraints/vectors.js';
import {boolean} from '../../constraints/numberSets.js';

export {fixedSupport, reparameterized};

/** A finite support that can be listed. */
export const enumerable: Requirement = {
  rule:
    'a distribution with a finite support (Bernoulli, Categorical, OneHotCategorical, Binomial, …, or ' +
    'Independent of a few of them)',
  accepts: q => q.isDiscrete && q.has('enumerateSupport') && !q.movesSupport,
};

/** A value that may be soft, between the discrete ones, in their own layout: no class index, no integer. */
export const softenable: Requirement = {
  rule:
    'a distribution whose values can be softened (Bernoulli or OneHotCategorical of dtype float32, or ' +
    'Independent of one; not Categorical, whose values are class indices)',
  accepts: q => q.relaxation !== null && q.has('mean') && q.dtype === 'float32',
};

/** The same, of 0 and 1. */
export const softenableBinary: Requirement = {
  rule: 'a Bernoulli distribution of dtype float32, or Independent of one',
  accepts: q => softenable.accepts(q) && q.support.name === boolean.name,
};

/** A mean in the layout of the values, whose derivative comes from probabilities alone. */
export const withMean: Requirement = {
  rule:
    'a distribution with a mean in the layout of its values, which the parameters do not move (Bernoulli, ' +
    'OneHotCategorical, Poisson, Normal, …, or Independent of one; not Categorical)',
  accepts: q => q.has('mean') && !q.movesSupport,
};

/** The same of a discrete value. */
export const discreteWithMean: Requirement = {
  rule:
    'a discrete distribution with a mean in the layout of its values, which the parameters do not move ' +
    '(Bernoulli, OneHotCategorical, Poisson, …, or Independent of one; not Categorical)',
  accepts: q => q.isDiscrete && withMean.accepts(q),
};

/**
 * Independent coordinates of 0 and 1 or of one-hot vectors: a relaxation is what only families of such coordinates
 * have.
 */
export const binaryOrOneHot: Requirement = {
  rule: 'a Bernoulli or OneHotCategorical distribution, or Independent of one',
  accepts: q =>
    q.relaxation !== null && q.has('mean') && (q.support.name === boolean.name || q.support.name === oneHot.name),
};

/** A value of 0 or 1 for each element, by its logit or its probability. */
export const binary: Requirement = {
  rule: 'a Bernoulli distribution, or Independent of one',
  accepts: q => q.relaxation !== null && q.support.name === boolean.name,
};

/** A class for each element, two or more. */
export const discreteWithClasses: Requirement = {
  rule: 'a Bernoulli, Categorical or OneHotCategorical distribution, or Independent of one',
  accepts: q => q.relaxation !== null,
};

/** A reparameterised value, for estimators that also rest on the score or on its mean being 0. */
export const reparameterizedWithScore: Requirement = {
  rule:
    `${reparameterized.rule} whose parameters do not move its support (not Uniform, Pareto or TruncatedNormal ` +
    'with bounds given as tensors)',
  accepts: q => reparameterized.accepts(q) && fixedSupport.accepts(q),
};
