/** The beta distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {positive, unitInterval} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {digamma} from '../functions/gamma/index.js';
import {betaKl, gammaEntropy} from '../functions/gammaKl/index.js';
import {implicitBeta} from '../functions/implicit/index.js';
import {betaLogDensity} from '../functions/betaDensity/index.js';
import {betainc, betaincc, betaincInv, logBetainc} from '../functions/incompleteBeta/index.js';
import {select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';
import {drawBeta} from '../random/gamma.js';
import type {Key} from '../keys/key.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';

/** Parameters of `Beta`; they broadcast to [batch…]. */
export interface BetaConfig extends DistributionConfig {
  /** The one more than the exponent of x, > 0. */
  concentration1: Param;
  /** The one more than the exponent of 1 − x, > 0. */
  concentration0: Param;
}

export interface Beta {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * p(x) = x^{a−1} (1 − x)^{b−1} / B(a, b), 0 <= x <= 1, a = concentration1 and b = concentration0. Samples are neither 0
 * nor 1, and differentiable in a and b (implicitly: Figurnov et al. 2018). The mode is NaN unless a > 1 and b > 1.
 * @example
 * ```ts
 * const q = new st.Beta({concentration1: 2, concentration0: 3});
 * q.mean(); // 0.4
 * q.cdf(0.5); // 0.6875
 * ```
 */
export class Beta extends Distribution {
  constructor(config: BetaConfig) {
    super('Beta', config, {concentration1: positive, concentration0: positive});
  }

  get support() {
    return unitInterval;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    const {a, b} = this;
    return implicitBeta(a, b, drawBeta(stopGradient(a), stopGradient(b), shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    return betaLogDensity(x, this.a, this.b);
  }

  protected override _cdf(x: tf.Tensor) {
    return betainc(this.a, this.b, x);
  }

  protected override _logCdf(x: tf.Tensor) {
    return logBetainc(this.a, this.b, x);
  }

  protected override _survival(x: tf.Tensor) {
    return betaincc(this.a, this.b, x);
  }

  protected override _quantile(p: tf.Tensor) {
    return betaincInv(this.a, this.b, p);
  }

  protected override _mean() {
    const {a, b} = this;
    return tf.div(a, tf.add(a, b));
  }

  protected override _variance() {
    const {a, b} = this;
    const total = tf.add(a, b);
    return tf.div(tf.mul(tf.div(a, total), tf.div(b, total)), tf.add(total, 1));
  }

  /** The root of each factor, since the variance may leave float32 where this does not. */
  protected override _stddev() {
    const {a, b} = this;
    const total = tf.add(a, b);
    return tf.div(tf.mul(tf.sqrt(tf.div(a, total)), tf.sqrt(tf.div(b, total))), tf.sqrt(tf.add(total, 1)));
  }

  protected override _mode() {
    const [a, b] = [tf.sub(this.a, 1), tf.sub(this.b, 1)];
    return select(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), tf.div(a, tf.add(a, b)), NaN);
  }

  /**
   * That of the two gamma variables less that of their sum, and less E ln of the sum, which is the change of the
   * measure.
   */
  protected override _entropy() {
    const {a, b} = this;
    const total = tf.add(a, b);
    return tf.sub(tf.sub(tf.add(gammaEntropy(a), gammaEntropy(b)), gammaEntropy(total)), digamma(total));
  }

  private get a(): tf.Tensor {
    return this.param('concentration1');
  }

  private get b(): tf.Tensor {
    return this.param('concentration0');
  }

  override klRules(): KlRule[] {
    return [klRule<Beta, Beta>('Beta', 'Beta', (q, p) => betaKl(q.a, q.b, p.a, p.b))];
  }
}
