import {checkKeys} from '../util/options.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {pathwiseByDefault} from '../graph/defaultEstimators.js';

/**
 * The pathwise (reparameterisation) estimator: x = g(ε; θ) with ε independent of θ, so ∂/∂θ E[f(x)] = E[∂f/∂x ∂g/∂θ]
 * (Kingma and Welling 2014; Schulman et al. 2015, section 2.2). The value stays differentiable and needs no surrogate
 * term. Unbiased for continuous, almost everywhere differentiable costs, of period 2π where values are angles
 * (VonMises).
 * @example
 * ```ts
 * const loc = tf.variable(tf.scalar(3));
 * const {grads} = st.variableGrads(() => {
 *   const z = new st.DistributionTensor(new st.Normal({loc, scale: 1}), {estimator: st.pathwise()});
 *   return tf.mul(z.value, 2);
 * }, [loc]);
 * grads[loc.name]; // 2
 * ```
 */
export function pathwise(config: object = {}): EstimatorOf<'reparameterization'> {
  checkKeys('pathwise', config, []);
  return {...pathwiseByDefault};
}
