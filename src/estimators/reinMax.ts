import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {detach} from '../math/stopGradient.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {relaxedEstimator, straighten} from './shared/relaxed.js';
import {softenableBinary} from './shared/requirements.js';
import {readTemperature, type Temperature} from './shared/temperature.js';

/** The temperature of the softmax in the backward pass. */
export interface ReinMaxConfig {
  /** τ > 0; the paper finds τ ≥ 1 best. A number, a scalar tensor or a schedule `(step) => number`; default 1. */
  temperature?: Temperature;
}

/**
 * ReinMax: the value is a plain draw b ~ p(b|θ), with π = softmax(θ) and π₁ = (b + softmax(θ/τ))/2 held constant the
 * gradient is f′(b)ᵀ (2 J(π₁) − ½ J(π)), where J(π) = diag(π) − ππᵀ is the softmax's (Liu et al. 2023, algorithm 2); a
 * Bernoulli counts as two classes. Biased, but of second order: at τ = 1 exact where f is quadratic.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.reinMax();
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.OneHotCategorical({logits}), {estimator});
 *   return tf.sum(tf.mul(b.value, [1, 3]), -1);
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function reinMax(config: ReinMaxConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('reinMax', config, ['temperature']);
  const {temperature = 1} = config;
  const schedule = readTemperature('reinMax', 'temperature', temperature);
  return relaxedEstimator({
    name: 'reinMax',
    config: schedule.json === null ? null : {temperature: schedule.json},
    source: 'Liu et al. 2023, algorithm 2',
    value(q, relaxation, sampleShape, key) {
      const b = q.sample(sampleShape, {key});
      const theta = relaxation.location();
      const middle = detach(tf.mul(tf.add(b, relaxation.soften(theta, schedule.now())), 0.5));
      // Linear in θ with the slope J(π₁), so that no logarithm of π₁ is taken, which may be 0.
      const weighted = softenableBinary.accepts(q)
        ? tf.mul(tf.sub(1, middle), theta)
        : tf.sub(theta, tf.sum(tf.mul(middle, theta), -1, true));
      return straighten(b, tf.sub(tf.mul(tf.mul(middle, weighted), 2), tf.mul(q.mean(), 0.5)));
    },
    dispose: () => schedule.reset(),
  });
}
