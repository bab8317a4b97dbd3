/** The half-Cauchy distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import type {Shape} from '../util/shapes.js';
import {cauchyCdf, cauchyLogDensity, halfCauchyCdf, halfCauchyQuantile} from '../functions/cauchy/index.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {atLeast, select} from '../math/numerics.js';
import type {Key} from '../keys/key.js';
import {cauchyNoise} from '../random/noise.js';
import {bounded} from './boundedSupport.js';
import type {LocationScaleConfig} from './locationScale.js';
import {Standardised} from './standardised.js';

/** Parameters of `HalfCauchy`: the least value, and its distance from the median; they broadcast to [batch…]. */
export type HalfCauchyConfig = LocationScaleConfig;

export interface HalfCauchy {
  /** Does not exist: the integral diverges. */
  mean(this: never): never;
  /** Does not exist: the integral diverges. */
  variance(this: never): never;
  /** Does not exist: the integral diverges. */
  stddev(this: never): never;
}

/** loc + |c|, c Cauchy about 0: p(x) = 2 / (π scale (1 + z²)), z = (x − loc) / scale >= 0. */
export class HalfCauchy extends Standardised {
  constructor(config: HalfCauchyConfig) {
    super('HalfCauchy', config);
  }

  get support(): Constraint {
    return bounded(['loc', this.parameters['loc']!]);
  }

  protected noise(shape: Shape, key: Key) {
    return tf.abs(cauchyNoise(shape, key));
  }

  protected logDensityOf(z: tf.Tensor) {
    return tf.add(cauchyLogDensity(z), Math.LN2);
  }

  protected cdfOf(z: tf.Tensor) {
    return halfCauchyCdf(atLeast(z, 0));
  }

  protected logCdfOf(z: tf.Tensor) {
    const positive = atLeast(z, 0);
    return select(tf.less(z, 1), safeLog(halfCauchyCdf(positive)), log1p(tf.neg(this.survivalOf(atLeast(z, 1)))));
  }

  protected survivalOf(z: tf.Tensor) {
    return tf.mul(cauchyCdf(tf.neg(atLeast(z, 0))), 2);
  }

  protected quantileOf(p: tf.Tensor) {
    return halfCauchyQuantile(p);
  }

  protected get standard() {
    return {mode: 0, entropy: Math.log(2 * Math.PI)};
  }
}
