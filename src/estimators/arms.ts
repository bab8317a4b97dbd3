import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys} from '../util/options.js';
import {sizeOf, type Shape} from '../util/shapes.js';
import {softplus} from '../functions/logarithms/index.js';
import {checkSampleCosts} from '../baselines/sampleCosts.js';
import type {Key} from '../keys/key.js';
import {drawnOnHost} from '../random/drawnOnHost.js';
import {exponentialOf, wordsOf} from '../random/noise.js';
import type {Estimator} from '../graph/estimator.js';
import {alongLogits, locationOf} from './shared/antithetic.js';
import {spreadOverEvent} from './shared/events.js';
import {binary} from './shared/requirements.js';

/** How many draws are coupled. */
export interface ArmsConfig {
  /** Draws K, an integer >= 2, default 4. */
  samples?: number;
}

/**
 * ARMS: K mutually antithetic draws of binary variables of logits φ, and the leave-one-out estimator corrected for
 * their correlation: the derivative with respect to φ_d is estimated by 1/(K−1) Σ_k (f(b_k) − f̄) b_{kd} / (1 − ρ_d)
 * (Dimitriev and Zhou 2021, theorem 1), ρ_d the correlation of b_{kd} and b_{jd}. The draws come from a Dirichlet
 * copula and are a leading axis of the value. With K = 2 it is DisARM. Unbiased.
 */
export function arms(config: ArmsConfig = {}): Estimator {
  checkKeys('arms', config, ['samples']);
  const {samples = 4} = config;
  checkCount('arms', 'samples', samples, 2);
  return {
    kind: 'estimator',
    name: 'arms',
    config: {samples},
    bias: 'unbiased',
    requires: binary,
    evaluations: samples,
    source: 'Dimitriev and Zhou 2021, theorem 1, with the Dirichlet copula',
    differentiable: false,
    samples,
    coupling: 'coupled',
    draw(distribution, sampleShape, key) {
      const {batchShape, eventShape, dtype} = distribution;
      const logU = dirichletCopula([...sampleShape, ...batchShape, ...eventShape], key);
      const logits = locationOf(distribution, logU.rank);
      // The copula makes the rarer of the two values, of probability q = σ(−|φ|), avoid itself: ln u < ln q.
      const rare = tf.less(logU, tf.neg(softplus(tf.abs(logits))));
      return {value: tf.cast(tf.logicalXor(rare, tf.greater(logits, 0)), dtype)};
    },
    combine(node, cost) {
      const each = checkSampleCosts('arms', node, cost);
      const b = tf.cast(node.value, 'float32');
      // Whole numbers until the end: exactly 0 where all draws agree.
      const deviations = tf.div(tf.sub(tf.mul(b, samples), tf.sum(b, 0, true)), samples);
      const advantage = spreadOverEvent(tf.sub(each, tf.mean(each, 0, true)), b.rank);
      const covariance = tf.div(tf.sum(tf.mul(advantage, deviations), 0, true), samples - 1);
      return {
        surrogate: alongLogits(node, tf.mul(covariance, correction(locationOf(node.distribution, b.rank), samples))),
      };
    },
  };
}

/**
 * ln u of K uniforms of which any two avoid being small together, along the first axis of `shape`: u_k = (1 −
 * d_k)^{K−1}, d uniform on the simplex, that is d_k = e_k / Σ e of exponential e. Their joint distribution function is
 * P(u_1 < v, u_2 < w) = max(0, v^{1/(K−1)} + w^{1/(K−1)} − 1)^{K−1}.
 */
export function dirichletCopula(shape: Shape, key: Key): tf.Tensor {
  const k = shape[0]!; // the estimator's own axis
  return drawnOnHost([key], shape, 'float32', own => {
    const out = new Float32Array(sizeOf(shape));
    const size = out.length / k;
    const e = Float64Array.from(wordsOf(own, out.length), exponentialOf);
    for (let i = 0; i < size; i++) {
      let total = 0;
      for (let j = i; j < e.length; j += size) total += e[j]!;
      for (let j = i; j < e.length; j += size) out[j] = (k - 1) * Math.log((total - e[j]!) / total);
    }
    return out;
  });
}

/**
 * 1/(1 − ρ) of two draws of the copula: with q = σ(−|φ|), the probability of the rarer value, and J = P(both rare) =
 * max(0, 2q^{1/(K−1)} − 1)^{K−1} it is q(1 − q)/(q − J) = (1 − q)/(1 − J/q), where J/q = max(0, 2 − q^{−1/(K−1)})^{K−1}
 * <= 1/2. Nothing cancels at any φ.
 */
export function correction(logits: tf.Tensor, samples: number): tf.Tensor {
  const size = tf.abs(logits);
  const root = tf.exp(tf.div(softplus(size), samples - 1));
  const ratio = tf.pow(tf.relu(tf.sub(2, root)), samples - 1);
  return tf.div(tf.sigmoid(size), tf.sub(1, ratio));
}
