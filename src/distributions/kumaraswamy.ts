/** The Kumaraswamy distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {positive, unitInterval} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {log1mexp, log1p, logNegLog1mexp, softplusInverse} from '../functions/elementary/index.js';
import {
  kumaraswamyCdf,
  kumaraswamyLogDensity,
  kumaraswamyLogMoment,
  kumaraswamySurvival,
  lgammaCurveDifference,
  logRatio,
} from '../functions/families/index.js';
import {digamma} from '../functions/gamma/index.js';
import {OPEN_UNIT_INTERVAL, settle} from '../functions/guards/index.js';
import {logCdfByHazard} from '../functions/logarithms/index.js';
import {atLeast, select} from '../math/numerics.js';
import type {Key} from '../keys/key.js';
import {exponentialNoise} from '../random/noise.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {insideUnitInterval} from './insideUnitInterval.js';

const EULER = 0.5772156649015329;

/** Parameters of `Kumaraswamy`; they broadcast to [batch…]. */
export interface KumaraswamyConfig extends DistributionConfig {
  /** The exponent a of x, > 0. */
  concentration1: Param;
  /** The exponent b of 1 − x^a, > 0. */
  concentration0: Param;
}

export interface Kumaraswamy {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * p(x) = a b x^{a−1} (1 − x^a)^{b−1} on [0, 1], a and b the concentrations 1 and 0. Samples are (1 − u^{1/b})^{1/a},
 * held off the ends.
 */
export class Kumaraswamy extends Distribution {
  constructor(config: KumaraswamyConfig) {
    super('Kumaraswamy', config, {concentration1: positive, concentration0: positive});
  }

  get support(): Constraint {
    return unitInterval;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    const logX = this.logAtHazard(exponentialNoise(shape, key));
    return insideUnitInterval(tf.exp(logX), logX);
  }

  protected _logProb(x: tf.Tensor) {
    return kumaraswamyLogDensity(x, this.a, this.b);
  }

  protected override _cdf(x: tf.Tensor) {
    return kumaraswamyCdf(x, this.a, this.b);
  }

  protected override _logCdf(x: tf.Tensor) {
    const logOf = (t: tf.Tensor) => tf.add(tf.log(this.b), logNegLog1mexp(tf.mul(this.a, logRatio(t, 1))));
    return logCdfByHazard(atLeast(x, 0), {of: t => tf.neg(this.logSurvival(t)), logOf, inside: 0.5});
  }

  protected override _logSurvival(x: tf.Tensor) {
    return this.logSurvival(x);
  }

  protected override _survival(x: tf.Tensor) {
    return kumaraswamySurvival(x, this.a, this.b);
  }

  protected override _quantile(p: tf.Tensor) {
    const inside = this.atHazard(tf.neg(log1p(tf.neg(settle(OPEN_UNIT_INTERVAL, p)))));
    return select(tf.equal(p, 0), 0, select(tf.equal(p, 1), 1, inside));
  }

  protected override _mean() {
    return tf.exp(this.logMean());
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    // ln of the ratio of the mean square to the squared mean, which may be too large for a number where the mean is too
    // small
    const spread = lgammaCurveDifference(1, this.b, tf.reciprocal(this.a));
    return tf.exp(tf.add(this.logMean(), tf.mul(softplusInverse(spread), 0.5)));
  }

  /**
   * ((a − 1)/(ab − 1))^{1/a} where both concentrations are at least 1, else an end at which the density is infinite.
   */
  protected override _mode() {
    const [a, b] = [atLeast(this.a, 1), atLeast(this.b, 1)];
    const rest = tf.mul(a, tf.sub(b, 1));
    const above = tf.sub(a, 1);
    const flat = tf.equal(tf.add(above, rest), 0);
    const inside = tf.pow(tf.div(above, select(flat, 1, tf.add(above, rest))), tf.reciprocal(a));
    return select(tf.less(this.a, 1), 0, select(tf.less(this.b, 1), 1, inside));
  }

  protected override _entropy() {
    const [a, b] = [this.a, this.b];
    const harmonic = tf.add(digamma(tf.add(b, 1)), EULER);
    const parts = tf.add(tf.sub(1, tf.reciprocal(b)), tf.mul(tf.sub(1, tf.reciprocal(a)), harmonic));
    return tf.sub(parts, tf.add(tf.log(a), tf.log(b)));
  }

  private get a(): tf.Tensor {
    return this.param('concentration1');
  }

  private get b(): tf.Tensor {
    return this.param('concentration0');
  }

  /** b ln(1 − x^a); at the ends, where it is 0 and −∞, a constant. */
  private logSurvival(x: tf.Tensor): tf.Tensor {
    const [lower, upper] = [tf.equal(x, 0), tf.equal(x, 1)];
    const log = logRatio(settle(OPEN_UNIT_INTERVAL, x), 1);
    const inside = tf.mul(this.b, log1mexp(tf.mul(this.a, log)));
    return select(lower, 0, select(upper, -Infinity, inside));
  }

  /** The x with survival e^{−h}: (1 − e^{−h/b})^{1/a}. */
  private atHazard(h: tf.Tensor): tf.Tensor {
    return tf.exp(this.logAtHazard(h));
  }

  private logAtHazard(h: tf.Tensor): tf.Tensor {
    return tf.div(log1mexp(tf.div(h, this.b)), this.a);
  }

  /** ln(b B(1 + 1/a, b)). */
  private logMean(): tf.Tensor {
    return kumaraswamyLogMoment(tf.reciprocal(this.a), this.b);
  }
}
