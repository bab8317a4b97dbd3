/** The Bernoulli distribution and the logistic variable behind it. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {toShape, type Shape} from '../util/shapes.js';
import {detach, stopGradient} from '../math/stopGradient.js';
import {drawBernoulli} from '../random/discrete.js';
import type {Key} from '../random/key.js';
import {logisticNoise, logUniformPair} from '../random/noise.js';
import {keyOrNext} from '../random/options.js';
import {boolean, real, unitInterval} from './constraints.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {registerKl} from './kl.js';
import {safeLog, xlogy} from '../math/elementary.js';
import {atLeast, finiteLog, select, weigh, weighedRatio} from '../math/numerics.js';
import type {Relaxation} from './relaxation.js';

export interface BernoulliConfig extends DistributionConfig {
  /** ln(p / (1 − p)); give this or `probs`. */
  logits?: Param;
  probs?: Param;
  /** The dtype of samples; 'float32' by default, since gradient code multiplies them. */
  dtype?: 'float32' | 'int32' | 'bool';
}

/** 1 with probability p = σ(logits), else 0. */
export class Bernoulli extends Distribution {
  constructor(config: BernoulliConfig) {
    super('Bernoulli', config, {logits: real, probs: unitInterval}, {oneOf: [['logits', 'probs']], options: ['dtype'], dtype: config?.dtype ?? 'float32'});
    check(['float32', 'int32', 'bool'].includes(this.dtype), 'Bernoulli', 'dtype must be "float32", "int32" or "bool"', this.dtype);
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
    const full = (shape: number[]): Shape => [...toShape('Bernoulli.relaxation.sample', shape), ...this.batchShape];
    return {
      // z = α + logit(u)
      sample: (shape, {key} = {}) => {
        const noiseKey = keyOrNext('Bernoulli.relaxation.sample', key);
        return tf.tidy(() => tf.add(this.logits(), logisticNoise(full(shape), noiseKey)));
      },
      harden: z => tf.tidy(() => stopGradient(tf.cast(tf.greater(z, 0), this.dtype))),
      conditional: (b, {key} = {}) => {
        const noiseKey = keyOrNext('Bernoulli.relaxation.conditional', key);
        return tf.tidy(() => conditional(this.logits(), tf.cast(b, 'float32'), noiseKey));
      },
      soften: (z, temperature) => tf.tidy(() => tf.sigmoid(tf.div(z, temperature))),
    };
  }

  protected _sample(shape: Shape, key: Key) {
    return drawBernoulli(this.probs(), shape, key, this.dtype);
  }

  protected _logProb(x: tf.Tensor) {
    if (this.isLogits) {
      const logits = this.param('logits');
      return tf.sub(tf.mul(x, logits), tf.softplus(logits));
    }
    const probs = this.param('probs');
    // weights below 0 are outside the support, and would turn −∞ into ∞
    return tf.add(xlogy(atLeast(x, 0), probs), xlogy(atLeast(tf.sub(1, x), 0), tf.sub(1, probs)));
  }

  protected override _cdf(x: tf.Tensor) {
    const belowOne = select(tf.less(x, 0), 0, this.complement());
    return select(tf.greaterEqual(x, 1), 1, belowOne);
  }

  protected override _mean() {
    return this.probs();
  }

  protected override _variance() {
    return tf.mul(this.probs(), this.complement());
  }

  protected override _mode() {
    const given = stopGradient(this.isLogits ? this.param('logits') : this.param('probs'));
    return tf.cast(tf.greater(given, this.isLogits ? 0 : 0.5), this.dtype);
  }

  protected override _entropy() {
    const {p0, p1, log0, log1} = this.both();
    return tf.neg(tf.add(weigh(p1, log1), weigh(p0, log0)));
  }

  protected override _enumerateSupport() {
    const values = tf.reshape(tf.tensor1d([0, 1], 'float32'), [2, ...this.batchShape.map(() => 1)]);
    return tf.cast(tf.broadcastTo(values, [2, ...this.batchShape]), this.dtype);
  }

  private get isLogits(): boolean {
    return 'logits' in this.parameters;
  }

  private probs(): tf.Tensor {
    return this.isLogits ? tf.sigmoid(this.param('logits')) : this.param('probs');
  }

  /** 1 − p, accurate though p be near 1. */
  private complement(): tf.Tensor {
    return this.isLogits ? tf.sigmoid(tf.neg(this.param('logits'))) : tf.sub(1, this.param('probs'));
  }

  private logits(): tf.Tensor {
    if (this.isLogits) return this.param('logits');
    const probs = this.param('probs');
    return tf.sub(finiteLog(probs), finiteLog(tf.sub(1, probs)));
  }

  /** Probabilities of 0 and 1 and their logarithms. */
  private both(): {p0: tf.Tensor; p1: tf.Tensor; log0: tf.Tensor; log1: tf.Tensor} {
    const [p0, p1] = [this.complement(), this.probs()];
    if (!this.isLogits) return {p0, p1, log0: safeLog(p0), log1: safeLog(p1)};
    const logits = this.param('logits');
    return {p0, p1, log0: tf.neg(tf.softplus(logits)), log1: tf.neg(tf.softplus(tf.neg(logits)))};
  }

  static {
    registerKl<Bernoulli, Bernoulli>('Bernoulli', 'Bernoulli', (q, p) => {
      const [a, b] = [q.both(), p.both()];
      return tf.add(weighedRatio(a.p1, a.log1, b.log1), weighedRatio(a.p0, a.log0, b.log0));
    });
  }
}

/**
 * z̃ = α + logit(v′), v′ = b(1 − θ + vθ) + (1 − b) v (1 − θ), θ = σ(α) (Grathwohl et al. 2018, appendix B), with nothing that cancels:
 * softplus(α + ln v) − ln(1 − v) > 0 for b = 1, and ln v − softplus(ln(1 − v) − α) < 0 for b = 0.
 */
function conditional(logits: tf.Tensor, b: tf.Tensor, key: Key): tf.Tensor {
  const shape = tf.add(detach(logits), detach(b)).shape;
  const {logU, log1mU} = logUniformPair(shape, key);
  const ifOne = tf.sub(tf.softplus(tf.add(logits, logU)), log1mU);
  const ifZero = tf.sub(logU, tf.softplus(tf.sub(log1mU, logits)));
  return select(tf.equal(b, 1), ifOne, ifZero);
}
