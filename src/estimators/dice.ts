import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../util/options.js';
import {none} from '../baselines/none.js';
import {readBaseline, type BaselineLike, type BaselineName} from '../baselines/registry.js';
import {advantageOf} from '../baselines/baseline.js';
import type {Estimator} from '../graph/estimator.js';
import {lessOne} from '../graph/magicBox.js';
import {savedWith} from './scoreFunction.js';
import {fixedSupport} from './shared/requirements.js';

/** What lowers the variance, in derivatives of every order. */
export interface DiceConfig<Name extends BaselineName = BaselineName> {
  /** What is subtracted from the cost, in derivatives of every order; default none. */
  baseline?: BaselineLike<Name>;
}

/**
 * DiCE: each cost c is multiplied with ⊡(W_c) = exp(Σ_{w ∈ W_c} log p(w) − ⊥Σ log p(w)), W_c the draws upstream of it,
 * so that an estimate may be differentiated again: the mean of the n-th derivative is the n-th derivative of E[Σ c]
 * (Foerster et al. 2018, section 3.3, Theorem 1). A baseline b adds (1 − ⊡({w}))·⊡(S_w)·b, S_w the draws before w:
 * control for derivatives of every order (Mao et al. 2019; Farquhar et al. 2019, Loaded DiCE).
 *
 * Differentiate `expectation` or `surrogateLoss` with `tf.grad` of `tf.grad`. Every node upstream of a cost must be of
 * this estimator or pathwise for that; the first derivative is that of the score function.
 */
export function dice<Name extends BaselineName>(config: DiceConfig<Name> = {}): Estimator {
  checkKeys('dice', config, ['baseline']);
  const baseline = readBaseline('dice', config.baseline === undefined ? none() : config.baseline);
  return {
    kind: 'estimator',
    name: 'dice',
    ...savedWith(baseline),
    bias: baseline.bias ?? 'unbiased',
    requires: fixedSupport,
    evaluations: baseline.samples ?? 1,
    source: `Foerster et al. 2018, Theorem 1; Farquhar et al. 2019, Loaded DiCE; baseline: ${baseline.source}`,
    differentiable: false,
    anyOrder: true,
    ...(baseline.samples === undefined ? {} : {samples: baseline.samples}),
    combine(node, cost, downstream) {
      if (baseline.name === 'none') return {surrogate: tf.zeros(node.shape)};
      const {advantage, objective} = advantageOf(baseline, node, cost);
      const b = tf.sub(cost.total, advantage);
      const surrogate = tf.neg(tf.mul(tf.mul(b, downstream.magicBoxBefore()), lessOne(node.logProb())));
      return objective === undefined ? {surrogate} : {surrogate, objective};
    },
    states: baseline.states,
    dispose: () => baseline.dispose?.(),
  };
}
