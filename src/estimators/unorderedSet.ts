import * as tf from '@tensorflow/tfjs-core';
import {checkKeys, checkBoolean, checkInteger} from '../util/options.js';
import {drawWithoutReplacement} from '../random/choices.js';
import {checkSampleCosts} from '../baselines/sampleCosts.js';
import type {Estimator} from '../graph/estimator.js';
import {leaveOneOutRatios} from './shared/leaveOneOutRatios.js';
import {enumerable} from './shared/requirements.js';
import {drawFromSupport, logMassWithout, logProbsAt, readLimit, supportSize} from './shared/support.js';
import {weightedScore} from './shared/weighted.js';

/** How many values are drawn, without replacement, and whether they serve each other as a baseline. */
export interface UnorderedSetConfig {
  /** k, an integer from 2 to 10, default 4. As many as there are values, or more, give the exact gradient. */
  samples?: number;
  /** Whether the other values of the set serve as a baseline; default true. */
  baseline?: boolean;
  /** The most values that may be listed; default 1024. */
  limit?: number;
}

/** 2^k subsets are summed over. */
const MOST_SAMPLES = 10;

/**
 * The unordered set estimator: a set S of k different values drawn without replacement (Gumbel top-k), and
 * g = Σ_{s∈S} p(s) R(S,s) ∂ log p(s) (f(s) − B(s)), B(s) = Σ_{s′∈S} p(s′) R^{D∖s}(S,s′) f(s′), with the leave-one-out
 * ratios R (Kool, van Hoof, Welling 2020, eq. 11 to 15; R^{D∖s}(S,s) = 1). p(s) R(S,s) is the probability that s was
 * the first to be drawn, given S: g is the mean of the one-sample estimate over all orders of the draw. B(s) has the
 * mean E f whatever s is, so it takes nothing from the mean of g. Values along a leading axis, weighted with p(s)
 * R(S,s).
 */
export function unorderedSet(config: UnorderedSetConfig = {}): Estimator {
  const who = 'unorderedSet';
  checkKeys(who, config, ['samples', 'baseline', 'limit']);
  const {samples = 4, baseline = true} = config;
  checkInteger(who, 'samples', samples, {least: 2, most: MOST_SAMPLES});
  checkBoolean(who, 'baseline', baseline);
  const limit = readLimit(who, config.limit);
  return {
    kind: 'estimator',
    name: who,
    config: {samples, baseline, limit},
    bias: 'unbiased',
    requires: enumerable,
    evaluations: q => Math.min(samples, q.supportSize()),
    source: 'Kool, van Hoof, Welling 2020, eq. 11 to 15',
    differentiable: false,
    samples: q => Math.min(samples, supportSize(who, q, limit)),
    coupling: 'exclusive',
    draw: (distribution, sampleShape, key) =>
      drawFromSupport(distribution, sampleShape, (logProbs, shape) => {
        const k = sampleShape[0]!;
        const [rest, batch] = shape;
        const index = drawWithoutReplacement(logProbs, k, shape, key).indices;
        const chosen = tf.reshape(logProbsAt(logProbs, index), [rest * batch, k]);
        const {first, second} = leaveOneOutRatios(
          tf.transpose(chosen),
          tf.reshape(logMassWithout(logProbs, index), [-1]),
        );
        return {index, logWeights: tf.reshape(tf.transpose(first), [rest, batch, k]), memo: {shares: tf.exp(second)}};
      }),
    combine(node, cost) {
      const {shares} = node.memo;
      if (!baseline || shares === undefined) return weightedScore(node, cost); // all values: nothing is random
      const each = checkSampleCosts(who, node, cost);
      const f = tf.reshape(tf.broadcastTo(each, node.shape), [1, node.samples, -1]); // [1, k, rest·batch]
      const others = tf.reshape(tf.sum(tf.mul(shares, f), 1), node.shape);
      return weightedScore(node, {total: tf.sub(each, others)});
    },
  };
}
