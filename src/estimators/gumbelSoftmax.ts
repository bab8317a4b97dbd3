import {checkKeys} from '../util/options.js';
import type {EstimatorOf} from '../graph/estimator.js';
import {relaxedEstimator} from './shared/relaxed.js';
import {readTemperature, type Temperature} from './shared/temperature.js';

/** The temperature of the relaxation. */
export interface GumbelSoftmaxConfig {
  /**
   * τ > 0: smaller means less bias and more variance. A number, a scalar tensor or a schedule `(step) => number`;
   * default 0.5.
   */
  temperature?: Temperature;
}

/**
 * Gumbel-softmax, or concrete: the value is soft, softmax((ln p + g)/τ) with Gumbel noise g for OneHotCategorical and
 * σ((logits + l)/τ) with logistic noise l for Bernoulli, and the gradient goes through it (Jang et al. 2017, eq. 2;
 * Maddison et al. 2017, section 3.2 and appendix B). Biased: it is the gradient of the cost's expectation under the
 * relaxed distribution, which tends to the discrete one as τ → 0.
 *
 * A soft value lies outside the support of the discrete distributions, so `logProb` of one is −∞ there; that of the
 * node itself continues its formula. For a bound take `klDivergence`, or the densities of `RelaxedBernoulli` and
 * `RelaxedOneHotCategorical`.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.gumbelSoftmax({temperature: 0.5});
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function gumbelSoftmax(config: GumbelSoftmaxConfig = {}): EstimatorOf<'relaxation'> {
  checkKeys('gumbelSoftmax', config, ['temperature']);
  const {temperature = 0.5} = config;
  const schedule = readTemperature('gumbelSoftmax', 'temperature', temperature);
  return relaxedEstimator({
    name: 'gumbelSoftmax',
    config: schedule.json === null ? null : {temperature: schedule.json},
    source: 'Jang et al. 2017, eq. 2; Maddison et al. 2017, section 3.2 and appendix B',
    value: (_, relaxation, sampleShape, key) =>
      relaxation.soften(relaxation.sample(sampleShape, {key}), schedule.now()),
    dispose: () => schedule.reset(),
  });
}
