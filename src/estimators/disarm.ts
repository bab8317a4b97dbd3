import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkCount, checkKeys} from '../util/options.js';
import type {Estimator} from '../graph/estimator.js';
import {alongLogits, antitheticLogistic, halvesDiffer, locationOf, pairCosts} from './shared/antithetic.js';
import {binary} from './shared/requirements.js';

/** How many draws, in pairs. */
export interface DisarmConfig {
  /** Draws, two for each antithetic pair; an even integer >= 2, default 2. */
  samples?: number;
}

/**
 * DisARM, also known as U2G, for binary variables of logits φ: with b = 1[u < σ(φ)] and b̃ = 1[1 − u < σ(φ)] the
 * derivative with respect to φ_d is estimated by ½ (f(b) − f(b̃)) (b_d − b̃_d) σ(|φ_d|) (Dong, Mnih, Tucker 2020, eq.
 * 6, where b_d − b̃_d reads (−1)^{b̃_d} 1[b_d ≠ b̃_d]; Yin et al. 2020): ARM with u integrated out, given both draws.
 * With more samples, the mean over independent pairs. The draws are a leading axis of the value. Unbiased.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.disarm();
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function disarm(config: DisarmConfig = {}): Estimator {
  checkKeys('disarm', config, ['samples']);
  const {samples = 2} = config;
  checkCount('disarm', 'samples', samples, 2);
  check(samples % 2 === 0, 'disarm', 'samples must be even', samples);
  return {
    kind: 'estimator',
    name: 'disarm',
    config: {samples},
    bias: 'unbiased',
    requires: binary,
    evaluations: samples,
    source: 'Dong, Mnih, Tucker 2020, eq. 6',
    differentiable: false,
    samples,
    coupling: 'coupled',
    draw(distribution, sampleShape, key) {
      const {batchShape, eventShape, dtype} = distribution;
      const noise = antitheticLogistic([...sampleShape, ...batchShape, ...eventShape], key);
      return {value: tf.cast(tf.less(noise, locationOf(distribution, noise.rank)), dtype)};
    },
    combine(node, cost) {
      const pairs = tf.mul(pairCosts('disarm', node, cost), halvesDiffer(node.value));
      const factor = tf.mul(tf.sigmoid(tf.abs(locationOf(node.distribution, pairs.rank))), 0.5);
      return {surrogate: alongLogits(node, tf.mul(tf.mean(pairs, 0, true), factor))};
    },
  };
}
