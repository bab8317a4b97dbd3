import * as tf from '@tensorflow/tfjs-core';
import {checkCount, checkKeys} from '../util/options.js';
import type {NodeCost, NodeView} from '../graph/nodeView.js';
import type {Baseline} from './baseline.js';
import {sampleCosts} from './sampleCosts.js';

/**
 * For each of K samples the mean cost of the other K − 1: advantageₖ = fₖ − (1/(K−1)) Σ_{j≠k} fⱼ = K/(K−1)·(fₖ − f̄)
 * (Kool, van Hoof, Welling 2019, "Buy 4 REINFORCE samples, get a baseline for free!", eq. 8).
 *
 * The samples are those of the value type if it draws any, else a leading axis of `samples` is added to the node's
 * value, and costs keep it.
 * @param config.samples K, an integer >= 2, default 4
 * @example
 * ```ts
 * const estimator = st.scoreFunction({baseline: st.leaveOneOut()});
 * const logits = tf.variable(tf.zeros([2]));
 * const {grads} = st.variableGrads(() => {
 *   const q = new st.Bernoulli({logits});
 *   const b = new st.DistributionTensor(q, {estimator, valueType: st.sampleValue(4)});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function leaveOneOut(config: {samples?: number} = {}): Baseline {
  checkKeys('leaveOneOut', config, ['samples']);
  const {samples = 4} = config;
  checkCount('leaveOneOut', 'samples', samples, 2);
  return {
    kind: 'baseline',
    name: 'leaveOneOut',
    config: {samples},
    source: 'Kool, van Hoof, Welling 2019, eq. 8',
    samples,
    advantage: (node, cost) => ({advantage: lessOthers('leaveOneOut', node, cost)}),
  };
}

/** The cost of each sample less the mean of those of the others; throws in the name of `name` as `sampleCosts` does. */
export function lessOthers(name: string, node: NodeView, cost: NodeCost): tf.Tensor {
  const {samples: k} = node;
  const split = sampleCosts(name, node, cost);
  const centred = tf.mul(tf.sub(split, tf.mean(split, 0, true)), k / (k - 1));
  return tf.reshape(centred, cost.perSample!.shape); // `sampleCosts` has seen it
}
