/** The truncated normal distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {aboveMinusInfinity, belowInfinity} from '../constraints/limits.js';
import {positive, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {unlessNaN} from '../functions/guards/index.js';
import {select} from '../math/numerics.js';
import {truncatedDraw, truncatedLogCdf, truncatedLogMean, truncatedMoment} from '../functions/truncatedNormal/index.js';
import type {Key} from '../keys/key.js';
import {laplaceNoise} from '../random/noise.js';
import {bounded, checkBounds} from './boundedSupport.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';

/** Parameters of `TruncatedNormal`; they broadcast to [batch…]. */
export interface TruncatedNormalConfig extends DistributionConfig {
  /** The mean of the normal distribution before it is truncated. */
  loc: Param;
  /** Greater than 0: its standard deviation. */
  scale: Param;
  /** The lower end; −Infinity leaves that side open. */
  low: Param;
  /** The upper end, greater than low; Infinity leaves that side open. */
  high: Param;
}

export interface TruncatedNormal {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** How many scales from the mode an end counts as infinite. */
const REACH = 1e4;

/** What everything is computed from, in standard units about the mode; `span` in units of x. */
interface View {
  mode: tf.Tensor;
  scale: tf.Tensor;
  s: tf.Tensor;
  p: tf.Tensor;
  q: tf.Tensor;
  span: tf.Tensor;
}

/**
 * The normal distribution given that the value lies in [low, high]: p(x) = φ(z) / (scale (Φ(β) − Φ(α))), with z, α and
 * β the standard forms of x, low and high. Exact though the interval lie far out in a tail: all is computed from the
 * mode, by numerical integration.
 */
export class TruncatedNormal extends Distribution {
  constructor(config: TruncatedNormalConfig) {
    super('TruncatedNormal', config, {loc: real, scale: positive, low: belowInfinity, high: aboveMinusInfinity});
    checkBounds(this.name, this.parameters, this.validateArgs);
  }

  get support(): Constraint {
    return bounded(['low', this.parameters['low']!], ['high', this.parameters['high']!]);
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    // a standard Laplace value l has the tail probability e^{−|l|}/2 on its own side
    const l = laplaceNoise(shape, key);
    const x = this.at(tf.mul(tf.mul(tf.exp(tf.neg(tf.abs(l))), -0.5), tf.sign(l)));
    const [low, high] = [this.param('low'), this.param('high')];
    return unlessNaN(unlessNaN(tf.minimum(tf.maximum(x, low), high), low), high); // wasm compares NaN away
  }

  protected _logProb(x: tf.Tensor) {
    const {mode, scale, s, p, q, span} = this.view();
    const d = tf.div(tf.sub(x, mode), scale);
    const level = tf.add(truncatedLogMean(s, p, q), tf.log(span));
    return tf.neg(tf.add(tf.mul(d, tf.add(tf.mul(d, 0.5), s)), level));
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.logPart(x, 1);
  }

  /** By the other part at an end, where the logarithm of this one is −∞: the derivative there is the density. */
  protected override _cdf(x: tf.Tensor) {
    return select(tf.equal(x, this.param('low')), tf.sub(1, tf.exp(this.logPart(x, -1))), tf.exp(this.logPart(x, 1)));
  }

  protected override _survival(x: tf.Tensor) {
    return select(tf.equal(x, this.param('high')), tf.sub(1, tf.exp(this.logPart(x, 1))), tf.exp(this.logPart(x, -1)));
  }

  protected override _quantile(p: tf.Tensor) {
    const inside = this.at(select(tf.less(p, 0.5), p, tf.sub(p, 1)));
    return select(tf.equal(p, 0), this.param('low'), select(tf.equal(p, 1), this.param('high'), inside));
  }

  protected override _mean() {
    const {mode, s, p, q, span} = this.view();
    return tf.add(mode, tf.mul(span, truncatedMoment(1, s, p, q)));
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    const {s, p, q, span} = this.view();
    const variance = tf.sub(truncatedMoment(2, s, p, q), tf.square(truncatedMoment(1, s, p, q)));
    return tf.mul(span, tf.sqrt(variance));
  }

  protected override _mode() {
    return this.view().mode;
  }

  protected override _entropy() {
    const {s, p, q, span} = this.view();
    const width = tf.add(p, q);
    const first = tf.mul(tf.mul(width, s), truncatedMoment(1, s, p, q));
    const second = tf.mul(tf.mul(tf.square(width), 0.5), truncatedMoment(2, s, p, q));
    return tf.add(tf.add(truncatedLogMean(s, p, q), tf.log(span)), tf.add(first, second));
  }

  private view(): View {
    const [loc, scale] = [this.param('loc'), this.param('scale')];
    const [low, high] = [this.param('low'), this.param('high')];
    const mode = tf.minimum(tf.maximum(loc, low), high);
    const reach = tf.mul(scale, REACH);
    const [before, after] = [tf.minimum(tf.sub(mode, low), reach), tf.minimum(tf.sub(high, mode), reach)];
    return {
      mode,
      scale,
      s: tf.div(tf.sub(mode, loc), scale),
      p: tf.div(before, scale),
      q: tf.div(after, scale),
      span: tf.add(before, after),
    };
  }

  /** The value with the probability v below it, or −v above it. */
  private at(v: tf.Tensor): tf.Tensor {
    const {mode, scale, s, p, q} = this.view();
    return tf.add(mode, tf.mul(scale, truncatedDraw(v, s, p, q)));
  }

  /** The logarithm of the probability below x (sign 1) or above it (sign −1). */
  private logPart(x: tf.Tensor, sign: 1 | -1): tf.Tensor {
    const {mode, scale, s, p, q} = this.view();
    const [low, high] = [this.param('low'), this.param('high')];
    const inside =
      sign === 1
        ? tf.logicalAnd(tf.greater(x, low), tf.lessEqual(x, high))
        : tf.logicalAnd(tf.greaterEqual(x, low), tf.less(x, high));
    // outside, any value of the interval stands in for x, so that no derivative is infinite
    const middle = tf.mul(tf.sub(q, p), 0.5);
    const d = select(inside, tf.div(tf.sub(x, mode), scale), middle);
    const from = select(inside, tf.div(tf.abs(tf.sub(x, sign === 1 ? low : high)), scale), tf.mul(tf.add(q, p), 0.5));
    const log = sign === 1 ? truncatedLogCdf(d, from, s, p, q) : truncatedLogCdf(tf.neg(d), from, tf.neg(s), q, p);
    const none = sign === 1 ? tf.lessEqual(x, low) : tf.greaterEqual(x, high);
    return select(inside, log, select(none, -Infinity, 0));
  }
}
