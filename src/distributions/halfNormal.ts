/** The half-normal distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {nonNegative, positive} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {erf, erfc, erfinv, logNdtr} from '../functions/normal/index.js';
import {atLeast, select} from '../math/numerics.js';
import type {Key} from '../keys/key.js';
import {normalNoise} from '../random/noise.js';
import type {DistributionConfig, Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {normalKl} from '../functions/scaleKl/index.js';
import {LocationScale} from './locationScale.js';

/** The parameter of `HalfNormal`, [batch…]. */
export interface HalfNormalConfig extends DistributionConfig {
  /** Greater than 0: the standard deviation of the normal distribution whose absolute values these are. */
  scale: Param;
}

/** ln √(2/π). */
const LOG_HEIGHT = 0.5 * Math.log(2 / Math.PI);

/** |n|, n normal about 0: p(x) = √(2/π) exp(−z²/2) / scale, z = x / scale >= 0. */
export class HalfNormal extends LocationScale {
  constructor(config: HalfNormalConfig) {
    super('HalfNormal', config, {scale: positive});
  }

  override get support(): Constraint {
    return nonNegative;
  }

  protected noise(shape: Shape, key: Key) {
    return tf.abs(normalNoise(shape, key));
  }

  protected logDensityOf(z: tf.Tensor) {
    return tf.sub(LOG_HEIGHT, tf.mul(tf.square(z), 0.5));
  }

  protected cdfOf(z: tf.Tensor) {
    return erf(reduced(z));
  }

  protected logCdfOf(z: tf.Tensor) {
    return select(tf.less(z, 1), safeLog(this.cdfOf(z)), log1p(tf.neg(this.survivalOf(atLeast(z, 1)))));
  }

  protected survivalOf(z: tf.Tensor) {
    return erfc(reduced(z));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return tf.add(logNdtr(tf.neg(atLeast(z, 0))), Math.LN2);
  }

  protected quantileOf(p: tf.Tensor) {
    return tf.mul(erfinv(p), Math.SQRT2);
  }

  protected get standard() {
    return {
      mean: Math.sqrt(2 / Math.PI),
      variance: 1 - 2 / Math.PI,
      mode: 0,
      entropy: 0.5 * Math.log((Math.PI * Math.E) / 2),
    };
  }

  override klRules(): KlRule[] {
    // as of the normal distributions
    return [
      klRule<HalfNormal, HalfNormal>('HalfNormal', 'HalfNormal', (q, p) =>
        normalKl([tf.scalar(0), q.param('scale')], [tf.scalar(0), p.param('scale')]),
      ),
    ];
  }
}

/** z/√2, 0 below 0. */
const reduced = (z: tf.Tensor): tf.Tensor => tf.mul(atLeast(z, 0), Math.SQRT1_2);
