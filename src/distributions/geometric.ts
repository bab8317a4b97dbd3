/** The geometric distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import {geometricTails} from '../functions/countTails/index.js';
import {expm1, log1mexp, log1mexpExp, log1p, logNegLog1mexp} from '../functions/elementary/index.js';
import {select} from '../math/numerics.js';
import {softplus} from '../functions/logarithms/index.js';
import {stopGradient} from '../math/stopGradient.js';
import {geometric} from '../random/counts.js';
import type {Key} from '../keys/key.js';
import {IntegerDistribution, type IntegerConfig} from './integerDistribution.js';
import {klRule, type KlRule} from './klRule.js';
import {positiveProbability} from '../constraints/limits.js';
import {logitsOrProbs, Success, type SuccessConfig} from './success.js';

/** `probs` is in (0, 1] here. */
export interface GeometricConfig extends IntegerConfig, SuccessConfig {}

export interface Geometric {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** The number of failures before the first success: P(k) = (1 − p)^k p, k = 0, 1, …, with p = probs = σ(logits). */
export class Geometric extends IntegerDistribution {
  constructor(config: GeometricConfig) {
    super('Geometric', config, {...logitsOrProbs, probs: positiveProbability}, [['logits', 'probs']]);
  }

  protected _sample(shape: Shape, key: Key) {
    // the constructor has seen to the dtype
    return geometric(shape, {...this.parameters, dtype: this.dtype as 'float32' | 'int32', key});
  }

  protected _logProb(x: tf.Tensor) {
    return this.success.logLikelihood(tf.onesLike(x), x);
  }

  protected cdfAt(k: tf.Tensor) {
    return this.given('logits') ? tf.neg(expm1(this.logSurvival(k))) : geometricTails.cdf(k, this.param('probs'));
  }

  protected logCdfAt(k: tf.Tensor) {
    if (!this.given('logits')) return geometricTails.logCdf(k, this.param('probs'));
    // the hazard of a trial is the softplus of the logit
    const logOf = (l: tf.Tensor) => tf.add(logNegLog1mexp(tf.neg(softplus(tf.neg(l)))), tf.log(tf.add(k, 1)));
    const l = this.param('logits');
    const isRare = tf.less(stopGradient(l), -20);
    const ordinary = log1mexp(this.logSurvival(k));
    return select(isRare, log1mexpExp(logOf(select(isRare, l, -20))), ordinary);
  }

  protected survivalAt(k: tf.Tensor) {
    return this.given('logits') ? tf.exp(this.logSurvival(k)) : geometricTails.survival(k, this.param('probs'));
  }

  /**
   * The smallest k with (1 − p)^{k + 1} <= 1 − q: about ln(1 − q)/ln(1 − p) − 1, moved to where F reaches q as `cdf`
   * computes it.
   */
  protected override _quantile(level: tf.Tensor) {
    const q = stopGradient(level); // a whole number has no derivative
    const guess = tf.ceil(tf.sub(tf.div(log1p(tf.neg(q)), stopGradient(this.success.logComplement())), 1));
    const k = select(tf.greater(guess, 0), guess, 0);
    const reaches = (n: tf.Tensor) => tf.greaterEqual(stopGradient(this._cdf(n)), q);
    const [before, after] = [tf.sub(k, 1), tf.add(k, 1)];
    const raised = select(reaches(k), k, after);
    return select(tf.logicalAnd(tf.greater(k, 0), reaches(before)), before, raised);
  }

  protected override _mean() {
    return tf.div(this.success.complement(), this.success.probs());
  }

  protected override _variance() {
    return tf.div(this._mean(), this.success.probs());
  }

  /** Stated, since the variance may exceed float32 where this does not. */
  protected override _stddev() {
    return tf.div(tf.sqrt(this.success.complement()), this.success.probs());
  }

  protected override _mode() {
    return tf.zeros(this.batchShape, this.dtype);
  }

  protected override _entropy() {
    return tf.div(this.success.entropy(), this.success.probs());
  }

  /** ln P(X > k) = (k + 1) ln(1 − p). */
  private logSurvival(k: tf.Tensor): tf.Tensor {
    return this.success.logLikelihood(tf.zerosLike(k), tf.add(k, 1));
  }

  private get success(): Success {
    const by = this.given('logits') ? 'logits' : 'probs';
    return new Success(by, this.param(by));
  }

  override klRules(): KlRule[] {
    // each trial of q adds the divergence of one Bernoulli variable; there are 1/q of them on average
    return [
      klRule<Geometric, Geometric>('Geometric', 'Geometric', (q, p) => q.success.divergencePerSuccess(p.success)),
    ];
  }
}
