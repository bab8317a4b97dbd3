/**
 * The estimators of nodes that name none, as values, so that nodes need no registry to find them. `src/estimators` has
 * them as functions, and the score function with baselines.
 */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import type {Estimator, EstimatorOf} from './estimator.js';
import type {Requirement} from './estimatorFacts.js';

/** What every estimator by the score needs: ∫ ∂p/∂θ f = ∂/∂θ ∫ p f only where the set of values stays. */
export const fixedSupport: Requirement = {
  rule:
    'a distribution whose parameters do not move its support (not Uniform, Pareto, TruncatedNormal, ' +
    'Deterministic or Empirical with bounds or values given as tensors; bounds that are not learnt can be ' +
    'numbers)',
  accepts: q => !q.movesSupport,
};

/** A value that is a differentiable function of the parameters and of noise, by formula or implicitly. */
export const reparameterized: Requirement = {
  rule:
    'a reparameterised distribution (Normal and every other continuous family but Mixture: Gamma, Beta, ' +
    'Dirichlet, StudentT, VonMises, TruncatedNormal, …; Independent, TransformedDistribution or ' +
    'MixtureSameFamily of one)',
  accepts: q => q.isReparameterized,
};

/** Of values that are differentiable. */
export const pathwiseByDefault: EstimatorOf<'reparameterization'> = {
  kind: 'estimator',
  needs: 'reparameterization',
  name: 'pathwise',
  config: {},
  bias: 'unbiased',
  requires: reparameterized,
  evaluations: 1,
  source: 'Kingma and Welling 2014; Schulman et al. 2015, section 2.2',
  differentiable: true,
  combine: node => fail('pathwise', `node ${JSON.stringify(node.name)} needs no surrogate term`),
};

/** Of all others, without a baseline. */
export const scoreByDefault: Estimator = {
  kind: 'estimator',
  name: 'scoreFunction',
  config: {baseline: {name: 'none', config: {}}},
  bias: 'unbiased',
  requires: fixedSupport,
  evaluations: 1,
  source: 'Schulman et al. 2015, Theorem 1; baseline: Williams 1992',
  differentiable: false,
  combine: (node, {total}) => ({surrogate: tf.mul(node.logProb(), total)}),
};
