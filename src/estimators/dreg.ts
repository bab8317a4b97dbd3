import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {detach} from '../math/stopGradient.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {sampleKept} from '../graph/kept.js';
import {checkSamples, linearBounds} from './shared/linearBounds.js';
import {sumOverEvent} from './shared/events.js';
import {reparameterizedWithScore} from './shared/requirements.js';

/** How many draws the bound is over. */
export interface DregConfig {
  /**
   * K, an integer >= 1, default 8; null adds no axis: the node's batch begins with that of the samples drawn upstream.
   * The samples of a value type come first.
   */
  samples?: number | null;
}

/**
 * The doubly reparameterised gradient of L = ln (1/K) Σ_k w_k (`multiSampleBound`), ln w = ln p(x, z) − ln q(z|θ): Σ_k
 * w̃_k² ∂ln w_k/∂z_k ∂z_k/∂θ with w̃ = w / Σ w (Tucker et al. 2019, eq. 8). The score of ln q is left out, and its
 * mean, −Σ_k w̃_k (1 − w̃_k) ∂ln w_k/∂z_k ∂z_k/∂θ, added by a second reparameterisation. The signal-to-noise ratio does
 * not fall as K grows.
 *
 * Take the log-density by `node.logProb()`, which holds the parameters constant. How ln w depends on it is read from
 * the graph: with c = −∂ln w/∂ln q the factor is w̃ − c·w̃ (1 − w̃), so a bound without `node.logProb()` has the plain
 * pathwise gradient. Other parts of the costs have the gradient of `stl`. Unbiased.
 * @throws if a cost is not linear in a bound or in the log-density; or where a node below, whose distribution depends
 * on this draw, has a surrogate term, which a derivative along z would not see: make one of the two pathwise
 */
export function dreg(config: DregConfig = {}): EstimatorOf<'reparameterization'> {
  checkKeys('dreg', config, ['samples']);
  const {samples = 8} = config;
  checkSamples('dreg', samples, 1);
  return {
    kind: 'estimator',
    needs: 'reparameterization',
    name: 'dreg',
    config: {samples},
    bias: 'unbiased',
    requires: reparameterizedWithScore,
    evaluations: samples ?? 1,
    source: 'Tucker et al. 2019, eq. 8',
    differentiable: false,
    stopsScore: true,
    ...(samples === null ? {} : {samples}),
    draw(distribution, sampleShape, key) {
      const {value: z, preImage} = sampleKept(distribution, sampleShape, key, 'fixed');
      return {value: detach(z), preImage, memo: {z}};
    },
    combine(node, _, downstream) {
      const [cut] = downstream.cuts();
      check(
        cut === undefined,
        `dreg at node ${JSON.stringify(node.name)}`,
        'its derivative cannot pass through the draw of a node below that has a surrogate term; make this node ' +
          'or that one pathwise',
        cut,
      );
      // The weights of a mean do not depend on the draw: there the score may simply be left out.
      const scores = linearBounds('dreg', node, downstream)
        .filter(({isMean}) => !isMean)
        .map(bound =>
          bound.gradient(
            tf.mul(tf.mul(bound.slope, bound.logProbSlope), tf.mul(bound.weights, tf.sub(1, bound.weights))),
          ),
        );
      const slope = scores.reduce((a, b) => tf.add(a, b), downstream.gradient());
      return {surrogate: sumOverEvent(node, tf.mul(detach(slope), node.memo['z']!))}; // its own draw put it there
    },
  };
}
