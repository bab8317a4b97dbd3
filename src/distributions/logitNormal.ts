/** The logit-normal distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {openUnitInterval, positive, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {logitStandardised} from '../functions/families/index.js';
import {OPEN_UNIT_INTERVAL, settle, unlessNaN} from '../functions/guards/index.js';
import {logDensity, logNdtr, ndtr, ndtri} from '../functions/normal/index.js';
import {select} from '../math/numerics.js';
import {softplus} from '../functions/logarithms/index.js';
import {detach} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {normalNoise} from '../random/noise.js';
import {Distribution} from './distribution.js';
import {insideUnitInterval} from './insideUnitInterval.js';
import {klRule, type KlRule} from './klRule.js';
import {normalKl} from '../functions/scaleKl/index.js';
import type {LocationScaleConfig} from './locationScale.js';
import type {PreImage} from './preImage.js';

/** Parameters of `LogitNormal`: mean and standard deviation of the logit; they broadcast to [batch…]. */
export type LogitNormalConfig = LocationScaleConfig;

export interface LogitNormal {
  /** Has no closed form. */
  mean(this: never): never;
  /** Has no closed form. */
  variance(this: never): never;
  /** Has no closed form. */
  stddev(this: never): never;
  /** Has no closed form. */
  mode(this: never): never;
  /** Has no closed form. */
  entropy(this: never): never;
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** σ(n), n normal: p(x) = exp(−z²/2) / (x (1 − x) scale √(2π)), z = (ln(x/(1 − x)) − loc) / scale, 0 < x < 1. */
export class LogitNormal extends Distribution {
  constructor(config: LogitNormalConfig) {
    super('LogitNormal', config, {loc: real, scale: positive});
  }

  get support(): Constraint {
    return openUnitInterval;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  /** Draws are held off 0 and 1, so that there is a finite noise. */
  override get inferredDraw() {
    return (x: tf.Tensor) => {
      const noise = detach(this.standardise(x));
      return unlessNaN(tf.sigmoid(this.place(tf.clipByValue(noise, -1e15, 1e15))), noise);
    };
  }

  /** The normal value. */
  override preImage(): PreImage {
    return {
      rank: 0,
      map: ['logistic'],
      base: {
        cdf: n => ndtr(tf.div(tf.sub(n, this.param('loc')), this.param('scale'))),
        logProb: n => this.logDensityOf(n),
      },
      sample: (shape, key) => this.place(normalNoise(shape, key)),
      value: n => insideUnitInterval(tf.sigmoid(n), n),
      // −ln x (1 − x) = softplus(n) + softplus(−n)
      logProb: n => tf.add(this.logDensityOf(n), tf.add(softplus(n), softplus(tf.neg(n)))),
      inverse: x => tf.sub(safeLog(x), log1p(tf.neg(x))),
    };
  }

  protected _sample(shape: Shape, key: Key) {
    const {sample, value} = this.preImage();
    return value(sample(shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    const z = logitStandardised(x, this.param('loc'), this.param('scale'));
    const measure = tf.add(tf.log(tf.mul(x, tf.sub(1, x))), tf.log(this.param('scale')));
    return tf.sub(logDensity(z), measure);
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
    return select(tf.equal(p, 0), 0, select(tf.equal(p, 1), 1, tf.sigmoid(this.place(z))));
  }

  /** loc + scale·z. */
  private place(z: tf.Tensor): tf.Tensor {
    return tf.add(this.param('loc'), tf.mul(this.param('scale'), z));
  }

  /** ln of the normal density at n. */
  private logDensityOf(n: tf.Tensor): tf.Tensor {
    const scale = this.param('scale');
    return tf.sub(logDensity(tf.div(tf.sub(n, this.param('loc')), scale)), tf.log(scale));
  }

  /** The standard normal value behind x. */
  private standardise(x: tf.Tensor): tf.Tensor {
    return logitStandardised(x, this.param('loc'), this.param('scale'));
  }

  override klRules(): KlRule[] {
    return [
      klRule<LogitNormal, LogitNormal>('LogitNormal', 'LogitNormal', (q, p) =>
        normalKl([q.param('loc'), q.param('scale')], [p.param('loc'), p.param('scale')]),
      ),
    ];
  }
}
