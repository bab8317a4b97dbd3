/** The log-normal distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {positive, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {expm1, safeLog} from '../functions/elementary/index.js';
import {logStandardised} from '../functions/families/index.js';
import {OPEN_UNIT_INTERVAL, POSITIVE, settle, unlessNaN} from '../functions/guards/index.js';
import {logDensity, logNdtr, ndtr, ndtri} from '../functions/normal/index.js';
import {select} from '../math/numerics.js';
import {detach, stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {normalNoise} from '../random/noise.js';
import {Distribution} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {normalKl} from '../functions/scaleKl/index.js';
import type {LocationScaleConfig} from './locationScale.js';
import type {PreImage} from './preImage.js';

/** Parameters of `LogNormal`: mean and standard deviation of the logarithm; they broadcast to [batch…]. */
export type LogNormalConfig = LocationScaleConfig;

export interface LogNormal {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** e^n, n normal of mean loc: p(x) = exp(−z²/2) / (x scale √(2π)), z = (ln x − loc) / scale, x > 0. */
export class LogNormal extends Distribution {
  constructor(config: LogNormalConfig) {
    super('LogNormal', config, {loc: real, scale: positive});
  }

  get support(): Constraint {
    return positive;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  /** What underflowed or overflowed came of noise beyond any number: it is taken as a large one. */
  override get inferredDraw() {
    return (x: tf.Tensor) => {
      const noise = detach(this.standardise(x));
      // a clip may lose NaN, and so may an exponential
      return unlessNaN(tf.exp(this.place(tf.clipByValue(noise, -1e15, 1e15))), noise);
    };
  }

  /** The normal value. */
  override preImage(): PreImage {
    const z = (n: tf.Tensor) => tf.div(tf.sub(n, this.param('loc')), this.param('scale'));
    return {
      rank: 0,
      map: ['exp'],
      base: {cdf: n => ndtr(z(n)), logProb: n => tf.sub(logDensity(z(n)), tf.log(this.param('scale')))},
      sample: (shape, key) => this.place(normalNoise(shape, key)),
      value: n => tf.exp(n),
      logProb: n => {
        const scale = this.param('scale');
        return tf.sub(logDensity(tf.div(tf.sub(n, this.param('loc')), scale)), tf.add(n, tf.log(scale)));
      },
      inverse: x => safeLog(settle(POSITIVE, x)),
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const {sample, value} = this.preImage();
    return value(sample(shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    const measure = tf.add(tf.log(x), tf.log(this.param('scale')));
    return tf.sub(logDensity(logStandardised(x, this.param('loc'), this.param('scale'))), measure);
  }

  protected override _cdf(x: tf.Tensor) {
    return ndtr(this.standardise(x));
  }

  protected override _logCdf(x: tf.Tensor) {
    return logNdtr(this.standardise(x));
  }

  protected override _logSurvival(x: tf.Tensor) {
    return logNdtr(tf.neg(this.standardise(x)));
  }

  protected override _survival(x: tf.Tensor) {
    return ndtr(tf.neg(this.standardise(x)));
  }

  protected override _quantile(p: tf.Tensor) {
    const z = ndtri(settle(OPEN_UNIT_INTERVAL, p));
    return select(tf.equal(p, 0), 0, select(tf.equal(p, 1), Infinity, tf.exp(this.place(z))));
  }

  protected override _mean() {
    return tf.exp(tf.add(this.param('loc'), tf.mul(this.squaredScale(), 0.5)));
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    const square = this.squaredScale();
    // where one factor may be too large for a number though the product is not
    const isWide = tf.greater(stopGradient(square), 20);
    const wide = tf.exp(tf.add(this.param('loc'), select(isWide, square, 20)));
    return select(isWide, wide, tf.mul(this._mean(), tf.sqrt(expm1(select(isWide, 1, square)))));
  }

  protected override _mode() {
    return tf.exp(tf.sub(this.param('loc'), this.squaredScale()));
  }

  protected override _entropy() {
    return tf.add(tf.add(this.param('loc'), tf.log(this.param('scale'))), 0.5 * Math.log(2 * Math.PI * Math.E));
  }

  private squaredScale(): tf.Tensor {
    return tf.square(this.param('scale'));
  }

  /** loc + scale·z. */
  private place(z: tf.Tensor): tf.Tensor {
    return tf.add(this.param('loc'), tf.mul(this.param('scale'), z));
  }

  /** (ln x − loc) / scale. */
  private standardise(x: tf.Tensor): tf.Tensor {
    return logStandardised(x, this.param('loc'), this.param('scale'));
  }

  override klRules(): KlRule[] {
    return [
      klRule<LogNormal, LogNormal>('LogNormal', 'LogNormal', (q, p) =>
        normalKl([q.param('loc'), q.param('scale')], [p.param('loc'), p.param('scale')]),
      ),
    ];
  }
}
