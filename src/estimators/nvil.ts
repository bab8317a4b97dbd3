import {learned, type LearnedConfig} from '../baselines/learned.js';
import type {Estimator} from '../graph/estimator.js';
import {withBaseline} from './scoreFunction.js';

/**
 * NVIL: the score function with a learned, centred baseline (Mnih and Gregor 2014); see `learned` for the
 * configuration.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.nvil({units: [8]});
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function nvil(config: LearnedConfig = {}): Estimator {
  return withBaseline('nvil', learned(config));
}
