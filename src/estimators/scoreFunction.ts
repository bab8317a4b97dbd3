import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {none} from '../baselines/none.js';
import {readBaseline, type BaselineLike, type BaselineName} from '../baselines/registry.js';
import {advantageOf, type Baseline} from '../baselines/baseline.js';
import {scoreByDefault} from '../graph/defaultEstimators.js';
import type {Estimator} from '../graph/estimator.js';

/** What lowers the variance. */
export interface ScoreFunctionConfig<Name extends BaselineName = BaselineName> {
  /** What is subtracted from the cost; default none. */
  baseline?: BaselineLike<Name>;
}

/**
 * The score function (likelihood ratio, REINFORCE) estimator: ∂/∂θ E[f(x)] = E[(f(x) − b) ∂/∂θ log p(x|θ)], with the
 * surrogate term log p(x|θ)·(f − b) (Williams 1992; Schulman et al. 2015, Theorem 1). Unbiased for every baseline b
 * that x does not influence; a baseline that is more than that (`normalized`) says so. Serves every distribution whose
 * parameters do not move its support.
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.scoreFunction({baseline: st.movingAverage()});
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function scoreFunction<Name extends BaselineName>(config: ScoreFunctionConfig<Name> = {}): Estimator {
  return named('scoreFunction', config);
}

/** The score function with this baseline, whose configuration it has, under a name of its own. */
export function withBaseline(name: string, baseline: Baseline): Estimator {
  const made = named(name, {baseline});
  return {...made, config: baseline.config, configWithModels: modelsOf(baseline)};
}

function named(name: string, config: ScoreFunctionConfig): Estimator {
  checkKeys(name, config, ['baseline']);
  const baseline = readBaseline(name, config.baseline === undefined ? none() : config.baseline);
  return {
    ...scoreByDefault,
    name,
    ...savedWith(baseline),
    bias: baseline.bias ?? 'unbiased',
    evaluations: baseline.samples ?? 1,
    source: `Schulman et al. 2015, Theorem 1; baseline: ${baseline.source}`,
    ...(baseline.samples === undefined ? {} : {samples: baseline.samples}),
    combine(node, cost) {
      const {advantage, objective} = advantageOf(baseline, node, cost);
      const surrogate = tf.mul(node.logProb(), advantage);
      return objective === undefined ? {surrogate} : {surrogate, objective};
    },
    states: baseline.states,
    dispose: () => baseline.dispose?.(),
  };
}

function modelsOf(baseline: Baseline): Estimator['config'] {
  return baseline.configWithModels === undefined ? baseline.config : baseline.configWithModels;
}

/** The configuration of an estimator whose only option is a baseline. */
export function savedWith(
  baseline: Baseline,
): Pick<Estimator, 'config'> & Required<Pick<Estimator, 'configWithModels'>> {
  const of = (config: Estimator['config']): Estimator['config'] =>
    config === null ? null : {baseline: {name: baseline.name, config}};
  return {config: of(baseline.config), configWithModels: of(modelsOf(baseline))};
}
