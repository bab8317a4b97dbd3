import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import type {Estimator} from '../graph/estimator.js';
import {alongLogits, antitheticLogistic, locationOf, pairCosts} from './shared/antithetic.js';
import {binary} from './shared/requirements.js';

/**
 * Augment-REINFORCE-merge for binary variables of logits φ: ∂/∂φ_d E[f(b)] = E[(f(1[u < σ(φ)]) − f(1[u > σ(−φ)])) (1/2
 * − u_d)], u uniform on (0, 1) in each element (Yin and Zhou 2019, theorem 1). The two draws are a leading axis of the
 * value. Unbiased; two evaluations.
 */
export function arm(config: object = {}): Estimator {
  checkKeys('arm', config, []);
  return {
    kind: 'estimator',
    name: 'arm',
    config: {},
    bias: 'unbiased',
    requires: binary,
    evaluations: 2,
    source: 'Yin and Zhou 2019, theorem 1',
    differentiable: false,
    samples: 2,
    coupling: 'coupled',
    draw(distribution, sampleShape, key) {
      const {batchShape, eventShape, dtype} = distribution;
      const noise = antitheticLogistic([...sampleShape, ...batchShape, ...eventShape], key);
      const [logitOfU] = tf.split(noise, 2, 0) as [tf.Tensor];
      // 1/2 − u, without a difference
      return {
        value: tf.cast(tf.less(noise, locationOf(distribution, noise.rank)), dtype),
        memo: {halfMinusU: tf.mul(tf.tanh(tf.div(logitOfU, 2)), -0.5)},
      };
    },
    combine(node, cost) {
      return {surrogate: alongLogits(node, tf.mul(pairCosts('arm', node, cost), node.memo['halfMinusU']!))};
    },
  };
}
