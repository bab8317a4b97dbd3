import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys} from '../util/options.js';
import {drawWithoutReplacement} from '../random/choices.js';
import type {Estimator} from '../graph/estimator.js';
import {enumerable} from './shared/requirements.js';
import {drawFromSupport, logMassWithout, logProbsAt, readLimit, supportSize} from './shared/support.js';
import {weightedScore} from './shared/weighted.js';

/** How many values are drawn, without replacement. */
export interface SumAndSampleConfig {
  /** k, an integer >= 2, default 4. As many as there are values, or more, give the exact gradient. */
  samples?: number;
  /** The most values that may be listed; default 1024. */
  limit?: number;
}

/**
 * Stochastic sum-and-sample: k different values drawn one after the other without replacement, of which all but the
 * last are summed and the last stands for what they leave: g = Σ_{j<k} p(b_j) f(b_j) ∂ log p(b_j) + (1 − Σ_{j<k}
 * p(b_j)) f(b_k) ∂ log p(b_k). Given the first k − 1, the last is a draw from the rest, so the mean is right for each
 * choice of them (Liang et al. 2018, with values in memory as the sum; Kool, van Hoof, Welling 2020, section 3). Values
 * along a leading axis, weighted.
 */
export function sumAndSample(config: SumAndSampleConfig = {}): Estimator {
  const who = 'sumAndSample';
  checkKeys(who, config, ['samples', 'limit']);
  const {samples = 4} = config;
  checkCount(who, 'samples', samples, 2);
  const limit = readLimit(who, config.limit);
  return {
    kind: 'estimator',
    name: who,
    config: {samples, limit},
    bias: 'unbiased',
    requires: enumerable,
    evaluations: q => Math.min(samples, q.supportSize()),
    source: 'Kool, van Hoof, Welling 2020, section 3; Liang et al. 2018',
    differentiable: false,
    samples: q => Math.min(samples, supportSize(who, q, limit)),
    coupling: 'exclusive',
    draw: (distribution, sampleShape, key) =>
      drawFromSupport(distribution, sampleShape, (logProbs, shape) => {
        const k = sampleShape[0]!;
        const index = tf.cast(drawWithoutReplacement(logProbs, k, shape, key).indices, 'float32');
        const summed = tf.slice(index, [0, 0, 0], [-1, -1, k - 1]);
        return {
          index,
          logWeights: tf.concat(
            [logProbsAt(logProbs, summed), tf.expandDims(logMassWithout(logProbs, summed), -1)],
            -1,
          ),
        };
      }),
    combine: weightedScore,
  };
}
