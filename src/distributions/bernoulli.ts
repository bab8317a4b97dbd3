/** The Bernoulli distribution and the logistic variable behind it. */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor} from '../util/numbers.js';
import {boolean} from '../constraints/numberSets.js';
import {elementParam} from '../random/elements/elementParam.js';
import {broadcastShapes, checkSize, toShape, type Shape} from '../util/shapes.js';
import {stopGradient} from '../math/stopGradient.js';
import {drawBernoulli} from '../random/discrete.js';
import type {Key} from '../keys/key.js';
import {logisticNoise, logUniformPair} from '../random/noise.js';
import {Distribution, type DistributionConfig} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {grow} from '../math/grow.js';
import {select} from '../math/numerics.js';
import {softplus} from '../functions/logarithms/index.js';
import {atTemperature, hardValue, readNoiseKey, type Relaxation} from './relaxation.js';
import {logitsOrProbs, Success, type SuccessConfig} from './success.js';

/** The probability of a 1, [batch…], as `logits` or `probs`. */
export interface BernoulliConfig extends DistributionConfig, SuccessConfig {
  /** The dtype of samples; 'float32' by default, since gradient code multiplies them. */
  dtype?: 'float32' | 'int32' | 'bool';
}

/**
 * 1 with probability p = σ(logits), else 0.
 * @example
 * ```ts
 * const q = new st.Bernoulli({probs: 0.25});
 * q.logProb([0, 1]); // [-0.2877, -1.3863]
 * q.mean(); // 0.25
 * ```
 */
export class Bernoulli extends Distribution {
  constructor(config: BernoulliConfig) {
    super('Bernoulli', config, logitsOrProbs, {
      oneOf: [['logits', 'probs']],
      dtypes: ['float32', 'int32', 'bool'],
    });
  }

  get support() {
    return boolean;
  }

  get isDiscrete() {
    return true;
  }

  get isReparameterized(): false {
    return false;
  }

  override get relaxation(): Relaxation {
    const full = (shape: number[]): Shape =>
      checkSize('Bernoulli.relaxation.sample', [...toShape('Bernoulli.relaxation.sample', shape), ...this.batchShape]);
    return {
      location: () => tf.tidy(() => tf.clone(this.success.finiteLogits())),
      // z = α + logit(u)
      sample: (shape, options = {}) => {
        const noiseKey = readNoiseKey('Bernoulli.relaxation.sample', options);
        return tf.tidy(() => tf.add(this.success.finiteLogits(), logisticNoise(full(shape), noiseKey)));
      },
      harden: z =>
        tf.tidy(() =>
          stopGradient(tf.cast(tf.greater(floatTensor('Bernoulli.relaxation.harden', 'z', z), 0), this.dtype)),
        ),
      conditional: (b, options = {}) => {
        const noiseKey = readNoiseKey('Bernoulli.relaxation.conditional', options);
        return tf.tidy(() =>
          conditional(this.success.finiteLogits(), hardValue('Bernoulli', b, this.batchShape), noiseKey),
        );
      },
      soften: (z, temperature) => tf.tidy(() => tf.sigmoid(atTemperature('Bernoulli', z, temperature))),
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const by = this.given('logits') ? 'logits' : 'probs';
    return drawBernoulli(by, elementParam(this.parameters[by]!), shape, key, this.dtype);
  }

  protected _logProb(x: tf.Tensor) {
    if (this.given('logits')) {
      // −softplus(−logits) at 1, −softplus(logits) at 0: neither is a difference
      return tf.neg(softplus(tf.mul(tf.sub(1, tf.mul(x, 2)), this.param('logits'))));
    }
    return this.success.logLikelihood(x, tf.sub(1, x));
  }

  /**
   * x·logits − ln(1 + e^logits), which is linear in x between 0 and 1 as well: its slope there, the logit, is the
   * difference that a bit makes, which control variates and relaxations rest on. Absolute errors are a rounding of the
   * logit.
   */
  protected override _logProbOfDraw(x: tf.Tensor) {
    if (!this.given('logits')) return this._logProb(x);
    const logits = this.param('logits');
    return tf.sub(tf.mul(x, logits), softplus(logits));
  }

  protected override _cdf(x: tf.Tensor) {
    return this.step(x, 0, this.success.complement(), 1);
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.step(x, -Infinity, this.success.logComplement(), 0);
  }

  protected override _survival(x: tf.Tensor) {
    return this.step(x, 1, this.success.probs(), 0);
  }

  /** 0 where p <= F(0), else 1. */
  protected override _quantile(p: tf.Tensor) {
    return select(tf.lessEqual(p, this.success.complement()), 0, 1);
  }

  protected override _mean() {
    return this.success.probs();
  }

  protected override _variance() {
    return tf.mul(this.success.probs(), this.success.complement());
  }

  protected override _mode() {
    return tf.cast(stopGradient(this.success.isLikely()), this.dtype);
  }

  protected override _entropy() {
    return this.success.entropy();
  }

  protected override _enumerateSupport() {
    const values = tf.reshape(tf.tensor1d([0, 1], 'float32'), [2, ...this.batchShape.map(() => 1)]);
    return tf.cast(grow(values, [2, ...this.batchShape]), this.dtype);
  }

  /** What holds below 0, from 0 on, and from 1 on. */
  private step(x: tf.Tensor, below: number, between: tf.Tensor, above: number): tf.Tensor {
    return select(tf.less(x, 0), below, select(tf.less(x, 1), between, above));
  }

  private get success(): Success {
    const by = this.given('logits') ? 'logits' : 'probs';
    return new Success(by, this.param(by));
  }

  override klRules(): KlRule[] {
    return [klRule<Bernoulli, Bernoulli>('Bernoulli', 'Bernoulli', (q, p) => q.success.divergenceTo(p.success))];
  }
}

/**
 * z̃ = α + logit(v′), v′ = b(1 − θ + vθ) + (1 − b) v (1 − θ), θ = σ(α) (Grathwohl et al. 2018, appendix B), with
 * nothing that cancels: softplus(α + ln v) − ln(1 − v) > 0 for b = 1, and ln v − softplus(ln(1 − v) − α) < 0 for b = 0.
 */
function conditional(logits: tf.Tensor, b: tf.Tensor, key: Key): tf.Tensor {
  const shape = broadcastShapes('Bernoulli.relaxation.conditional', [logits.shape, b.shape]);
  const {logU, log1mU} = logUniformPair(shape, key);
  const ifOne = tf.sub(tf.softplus(tf.add(logits, logU)), log1mU);
  const ifZero = tf.sub(logU, tf.softplus(tf.sub(log1mU, logits)));
  return select(tf.equal(b, 1), ifOne, ifZero);
}
