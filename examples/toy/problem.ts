/** RELAX's toy problem: minimise E[(b − t)²] over the logit of one Bernoulli variable b, t = 0.499. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

export const target = 0.499;

/** The cost of each draw; `logits` of any shape, draws are independent. */
export function toyCost(logits: tf.Tensor, estimator: st.Estimator, key: st.random.Key): tf.Tensor {
  const node = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, key, name: 'b'});
  return tf.square(tf.sub(node.value, target));
}

/** E[(b − t)²] at a logit: t² = 0.24900 at −∞, (1 − t)² = 0.25100 at +∞. */
export function expectedCost(logit: number): number {
  const p = 1 / (1 + Math.exp(-logit));
  return p * (1 - target) ** 2 + (1 - p) * target ** 2;
}

/** An estimator for the toy problem, with the variables that it trains. */
export interface ToyEstimator {
  readonly estimator: st.Estimator;
  readonly dispose: () => void;
}

/**
 * RELAX with c(z) = Dense(1)(Dense(10, tanh)(2σ(z/λ) − 1)), λ from 0.5 and learnt; the others as the library has them.
 */
export function makeToyEstimator(name: string, key: st.random.Key): ToyEstimator {
  if (name !== 'relax') {
    const estimator = st.estimators.get(name);
    return {estimator, dispose: () => estimator.dispose?.()};
  }
  const network = st.denseNetwork({inputSize: 1, units: [10], activation: 'tanh', key});
  const logTemperature = tf.tidy(() => tf.variable(tf.scalar(Math.log(0.5))));
  const call = (z: tf.Tensor): tf.Tensor => {
    const squashed = tf.sub(tf.mul(tf.sigmoid(tf.div(z, tf.exp(logTemperature))), 2), 1);
    return tf.squeeze(network.call(tf.expandDims(squashed, -1)), [-1]);
  };
  const estimator = st.relax({controlVariate: {call, variables: [...network.variables, logTemperature]}});
  return {
    estimator,
    dispose() {
      estimator.dispose?.();
      network.dispose();
      logTemperature.dispose();
    },
  };
}
