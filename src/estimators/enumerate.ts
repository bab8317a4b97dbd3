import {checkKeys} from '../util/options.js';
import type {Estimator} from '../graph/estimator.js';
import {enumerable} from './shared/requirements.js';
import {drawFromSupport, readLimit, supportSize} from './shared/support.js';
import {weightedScore} from './shared/weighted.js';

/** How much may be enumerated. */
export interface EnumerateConfig {
  /** The most values that may be listed; default 1024. */
  limit?: number;
}

/**
 * The exact gradient by enumeration: ∂/∂θ E[f(x)] = Σ_x f(x) ∂p(x|θ)/∂θ over the whole support. The value holds every
 * element of the support along a leading axis, weighted with its probability, and everything downstream is computed for
 * each. No variance of its own; as many evaluations as there are values.
 * @throws at the node, if its distribution has more values than `limit`
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const {value, grads} = st.variableGrads(() => {
 *   const q = new st.OneHotCategorical({logits});
 *   const x = new st.DistributionTensor(q, {estimator: st.enumerate()});
 *   return tf.sum(tf.mul(x.value, [1, 3]), -1);
 * }, [logits]);
 * value; // 2
 * grads[logits.name]; // [-0.5, 0.5]
 * ```
 */
export function enumerate(config: EnumerateConfig = {}): Estimator {
  checkKeys('enumerate', config, ['limit']);
  const limit = readLimit('enumerate', config.limit);
  return {
    kind: 'estimator',
    name: 'enumerate',
    config: {limit},
    bias: 'unbiased',
    requires: enumerable,
    evaluations: q => q.supportSize(),
    source: 'the definition of the expectation; Weber et al. 2019, section 3.2',
    differentiable: false,
    samples: q => supportSize('enumerate', q, limit),
    coupling: 'exclusive',
    draw: (distribution, sampleShape) => drawFromSupport(distribution, sampleShape),
    combine: weightedScore,
  };
}
