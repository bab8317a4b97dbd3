import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys} from '../util/options.js';
import {logSumExp} from '../functions/logarithms/index.js';
import {drawWithoutReplacement} from '../random/choices.js';
import {topKOnDevice} from '../random/elements/topK.js';
import type {Estimator} from '../graph/estimator.js';
import {enumerable} from './shared/requirements.js';
import {drawFromSupport, logProbsAt, readLimit, supportSize, withoutTaken} from './shared/support.js';
import {weightedScore} from './shared/weighted.js';

/** How many values are summed exactly. */
export interface RaoBlackwellConfig {
  /**
   * How many of the most probable values are summed: an integer >= 1, default 1. All but one of the values, or more,
   * give the exact gradient.
   */
  top?: number;
  /** The most values that may be listed; default 1024. */
  limit?: number;
}

/**
 * The sum over the k most probable values and one sample of the rest: with C the k values and v ~ p(· | not in C),
 * g = Σ_{x∈C} p(x) f(x) ∂ log p(x) + (1 − p(C)) f(v) ∂ log p(v) (Liu, Regier, Tripuraneni, Jordan, McAuliffe 2019,
 * section 3, around the score function). Never of more variance than the score function of one sample. The node's value
 * has k + 1 values along a leading axis, weighted; each element of a batch has its own C.
 */
export function raoBlackwell(config: RaoBlackwellConfig = {}): Estimator {
  const who = 'raoBlackwell';
  checkKeys(who, config, ['top', 'limit']);
  const {top = 1} = config;
  checkCount(who, 'top', top, 1);
  const limit = readLimit(who, config.limit);
  return {
    kind: 'estimator',
    name: who,
    config: {top, limit},
    bias: 'unbiased',
    requires: enumerable,
    evaluations: q => Math.min(top + 1, q.supportSize()),
    source: 'Liu et al. 2019, section 3',
    differentiable: false,
    samples: q => Math.min(top + 1, supportSize(who, q, limit)),
    coupling: 'exclusive',
    draw: (distribution, sampleShape, key) =>
      drawFromSupport(distribution, sampleShape, (logProbs, shape) => {
        const k = sampleShape[0]! - 1; // the last place is that of the sample
        const best = tf.expandDims(tf.cast(topKOnDevice(logProbs, k).indices, 'float32'), 0); // [1, batch, k]
        const others = withoutTaken(logProbs, best);
        const one = tf.cast(drawWithoutReplacement(others, 1, shape, key).indices, 'float32'); // [rest, batch, 1]
        return {
          index: tf.concat([tf.tile(best, [shape[0], 1, 1]), one], -1),
          logWeights: tf.concat([logProbsAt(logProbs, best), tf.expandDims(logSumExp(others), -1)], -1),
        };
      }),
    combine: weightedScore,
  };
}
