import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {derivatives} from '../math/derivatives.js';
import {detach} from '../math/stopGradient.js';
import {sumOverEvent} from './shared/events.js';
import {withMean} from './shared/requirements.js';
import type {Estimator} from '../graph/estimator.js';

/**
 * MuProp: g = (f(x) − f(μ) − f′(μ)ᵀ(x − μ)) ∂/∂θ log p(x|θ) + f′(μ)ᵀ ∂μ/∂θ with μ = E[x|θ] (Gu et al. 2016, eq. 4): a
 * first-order Taylor expansion about the mean as control variate, whose expectation is known. The cost must make sense
 * at the mean, as that of a network does. Unbiased; two evaluations.
 */
export function muProp(config: object = {}): Estimator {
  checkKeys('muProp', config, []);
  return {
    kind: 'estimator',
    name: 'muProp',
    config: {},
    bias: 'unbiased',
    requires: withMean,
    evaluations: 2,
    source: 'Gu et al. 2016, eq. 4',
    differentiable: false,
    combine(node, {total: cost}, downstream) {
      const mean = tf.broadcastTo(node.distribution.mean(), node.value.shape);
      const at = detach(mean);
      const f = downstream.at(at);
      const slope = detach(derivatives(f, [at])[0]!);
      const taylor = tf.add(detach(f), sumOverEvent(node, tf.mul(slope, tf.sub(node.value, at))));
      const score = tf.mul(node.logProb(), detach(tf.sub(cost, taylor)));
      return {surrogate: tf.add(score, sumOverEvent(node, tf.mul(slope, mean)))};
    },
  };
}
