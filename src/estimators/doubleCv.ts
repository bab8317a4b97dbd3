import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys} from '../util/options.js';
import {real} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {detach} from '../math/stopGradient.js';
import type {Estimator} from '../graph/estimator.js';
import {StatesOf} from '../graph/nodeStates.js';
import {discreteWithMean} from './shared/requirements.js';
import {dot, meanOfOthers, readSamples, squaredEstimate} from './shared/samples.js';

/** How many draws, and the weight of their second control variate. */
export interface DoubleCvConfig {
  /** K, an integer >= 2; default 2. */
  samples?: number;
  /** α, held fixed; default: learnt, one for each node, from 0. */
  coefficient?: number;
}

/**
 * Double control variates: leave-one-out for f + αb in the place of f,
 * g = (1/K) Σₖ [f(xₖ) − αbₖ − (1/(K−1)) Σ_{j≠k} (f(xⱼ) − αbⱼ)] ∂/∂θ log p(xₖ|θ) + (α/K) Σₖ vₖᵀ ∂μ/∂θ,
 * with bₖ = vₖᵀ(xₖ − μ), μ = E[x|θ], and vₖ the mean of f′ at the other samples (Titsias and Shi 2022, section 3, where
 * α has the other sign).
 *
 * f′ takes one backward pass and no further evaluation. Unbiased for every α: vₖ does not depend on xₖ, so given the
 * other samples bₖ has mean 0, and bₖ times the score of xₖ has mean vₖᵀ ∂μ/∂θ. α follows ∂/∂α g². The samples are
 * those of the value type if it draws any.
 */
export function doubleCv(config: DoubleCvConfig = {}): Estimator {
  checkKeys('doubleCv', config, ['samples', 'coefficient']);
  const {samples = 2, coefficient} = config;
  checkCount('doubleCv', 'samples', samples, 2);
  if (coefficient !== undefined) checkNumber('doubleCv', 'coefficient', coefficient, real);
  const learnt = new StatesOf<tf.Variable>({
    make: () => tf.tidy(() => tf.variable(tf.scalar(0))),
    parts: alpha => ({variables: [alpha], counters: []}),
    dispose: alpha => alpha.dispose(),
  });
  return {
    kind: 'estimator',
    name: 'doubleCv',
    config: coefficient === undefined ? {samples} : {samples, coefficient},
    bias: 'unbiased',
    requires: discreteWithMean,
    evaluations: samples,
    source: 'Titsias and Shi 2022, section 3',
    differentiable: false,
    samples,
    combine(node, cost, downstream) {
      const {costs, values, slopes, means, logProb} = readSamples('doubleCv', node, cost, downstream);
      const v = meanOfOthers(slopes);
      const b = dot(v, tf.sub(values, detach(means)));
      const plain = tf.mul(logProb, tf.sub(costs, meanOfOthers(costs)));
      const control = tf.sub(dot(v, means), tf.mul(logProb, tf.sub(b, meanOfOthers(b))));
      const total = (alpha: tf.Tensor | number): tf.Tensor =>
        tf.reshape(tf.add(plain, tf.mul(control, alpha)), node.shape);
      if (coefficient !== undefined) return {surrogate: total(coefficient)};
      const alpha = learnt.get(node);
      return {
        surrogate: total(detach(alpha)),
        objective: {loss: squaredEstimate(node.distribution, total(alpha)), variables: [alpha]},
      };
    },
    states: coefficient === undefined ? learnt : undefined,
    dispose: () => learnt.clear(),
  };
}
