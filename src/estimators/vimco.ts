import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {grow} from '../math/grow.js';
import {logSumExp} from '../functions/logarithms/index.js';
import {atLeast, select} from '../math/numerics.js';
import {detach} from '../math/stopGradient.js';
import {lessOthers} from '../baselines/leaveOneOut.js';
import {boundOf} from '../graph/multiSampleBound.js';
import {splitShape} from '../graph/boundsBelow.js';
import type {Estimator} from '../graph/estimator.js';
import type {NodeView} from '../graph/nodeView.js';
import type {BoundBelow} from '../graph/inquiry.js';
import {checkSamples, linearBounds} from './shared/linearBounds.js';
import {fixedSupport} from './shared/requirements.js';

/** How many draws the bound is over. */
export interface VimcoConfig {
  /**
   * K, an integer >= 2, default 4; null adds no axis: the node's batch begins with that of the samples drawn upstream.
   * The samples of a value type come first.
   */
  samples?: number | null;
}

/**
 * VIMCO: the score function for L = ln (1/K) Σ_k w_k (`multiSampleBound`), where each sample has a baseline made of the
 * others: Σ_k (L − L̂₋ₖ) ∂/∂θ ln q(x_k|θ), L̂₋ₖ being L with the geometric mean of the other weights in the place of
 * w_k (Mnih and Rezende 2016, eq. 8 and 10). What L has of θ in its weights is differentiated as usual.
 *
 * Costs may be any sum of multiples of bounds and of others: those that keep the sample axis are compared with the mean
 * over the other samples (leave-one-out), those that lack it have no baseline. Unbiased. A bound of −∞ gives no
 * gradient. In a chain of such nodes the ones below take `samples: null` and the bound keeps an axis of size 1 in the
 * place of its samples.
 * @throws if a cost is not linear in a bound, or if there is no bound and the costs do not keep the sample axis
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const prior = new st.Bernoulli({probs: 0.5});
 * const {grads} = st.variableGrads(() => {
 *   const z = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: st.vimco({samples: 4})});
 *   const logLikelihood = new st.Normal({loc: z.value, scale: 1}).logProb([0, 1]);
 *   return tf.neg(st.importanceWeightedBound(logLikelihood, {variationalWithPrior: [[z, prior]]}));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function vimco(config: VimcoConfig = {}): Estimator {
  checkKeys('vimco', config, ['samples']);
  const {samples = 4} = config;
  checkSamples('vimco', samples, 2);
  return {
    kind: 'estimator',
    name: 'vimco',
    config: {samples},
    bias: 'unbiased',
    requires: fixedSupport,
    evaluations: samples ?? 1,
    source: 'Mnih and Rezende 2016, eq. 8 and 10',
    differentiable: false,
    ...(samples === null ? {} : {samples}),
    combine(node, cost, downstream) {
      const bounds = linearBounds('vimco', node, downstream);
      if (bounds.length === 0) return {surrogate: tf.mul(node.logProb(), detach(lessOthers('vimco', node, cost)))};
      const own = downstream.perSample();
      const parts = bounds.map(({slope, logWeights, isMean}) =>
        toNode(node, tf.mul(slope, isMean ? gainsOfMean(logWeights) : gains(logWeights))),
      );
      if (own !== null) parts.push(node.samples > 1 ? lessOthers('vimco', node, {total: own, perSample: own}) : own);
      if (!downstream.boundsSuffice())
        parts.push(
          bounds.reduce(
            (rest, bound) => without(node, rest, bound),
            own === null ? cost.total : tf.sub(cost.total, own),
          ),
        );
      return {surrogate: tf.mul(node.logProb(), detach(parts.reduce((x, y) => tf.add(x, y))))};
    },
  };
}

/**
 * L − L̂₋ₖ for each sample, from and to `[K, batch…]`: what L owes to it. 0 where L is −∞; where only L̂₋ₖ is, L
 * itself, since any constant may take the place of L̂₋ₖ.
 */
export function gains(logWeights: tf.Tensor): tf.Tensor {
  const k = logWeights.shape[0]; // `multiSampleBound` has checked that there are samples
  // taken out, so that large numbers are not subtracted from each other
  const top = atLeast(tf.max(logWeights, 0, true), -1e38);
  const all = tf.reshape(tf.sub(logWeights, top), [1, k, -1]);
  const isOwn = tf.greater(tf.reshape(tf.eye(k), [k, k, 1]), 0);
  const meanOfOthers = tf.div(tf.sum(select(isOwn, 0, all), 1, true), k - 1);
  const bound = logSumExp(all, 1);
  const ofOthers = logSumExp(select(isOwn, meanOfOthers, all), 1);
  const raised = tf.add(tf.sub(bound, Math.log(k)), tf.reshape(top, [1, -1]));
  const gain = select(tf.greater(ofOthers, -1e38), tf.sub(bound, ofOthers), raised);
  return tf.reshape(select(tf.greater(bound, -1e38), gain, 0), logWeights.shape);
}

/** As `gains` for L = (1/K) Σ ln w: (ln w_k − the mean of the others) / K. */
function gainsOfMean(logWeights: tf.Tensor): tf.Tensor {
  const k = logWeights.shape[0];
  const mean = tf.mean(logWeights, 0, true);
  // ln w_k − the mean of the others is k/(k − 1) times this distance
  const gain = tf.div(tf.sub(logWeights, mean), k - 1);
  return select(tf.greater(mean, -1e38), gain, 0);
}

/** `rest` less slope·L, and 0 where L is −∞. */
function without(node: NodeView, rest: tf.Tensor, {slope, ...made}: BoundBelow): tf.Tensor {
  const bound = tf.expandDims(boundOf(made), 0);
  const impossible = toNode(node, tf.cast(tf.less(bound, -1e38), 'float32'));
  return select(tf.greater(impossible, 0), 0, tf.sub(rest, toNode(node, tf.mul(slope, bound))));
}

/**
 * Constants of the shape `[K or 1, batch…]` of a bound's log-weights, summed over the batch axes that the node lacks,
 * in a shape that broadcasts to the node's.
 */
function toNode(node: NodeView, x: tf.Tensor): tf.Tensor {
  const shape = splitShape(node);
  const axes = x.shape.flatMap((d, i) => (i > 0 && d !== 1 && shape[i] === 1 ? [i] : []));
  const summed = axes.length === 0 ? x : tf.sum(x, axes, true);
  return shape.length === node.shape.length ? summed : tf.reshape(grow(summed, shape), [...node.shape]);
}
