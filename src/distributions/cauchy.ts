/** The Cauchy distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {cauchyCdf, cauchyLogDensity, cauchyQuantile} from '../functions/cauchy/index.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {select} from '../math/numerics.js';
import type {Key} from '../keys/key.js';
import {cauchyNoise} from '../random/noise.js';
import {klRule, type KlRule} from './klRule.js';
import {cauchyKl} from '../functions/scaleKl/index.js';
import type {LocationScaleConfig} from './locationScale.js';
import {Standardised} from './standardised.js';

/** Parameters of `Cauchy`: the median and half the distance between the quartiles; they broadcast to [batch…]. */
export type CauchyConfig = LocationScaleConfig;

export interface Cauchy {
  /** Does not exist: the integral diverges. */
  mean(this: never): never;
  /** Does not exist: the integral diverges. */
  variance(this: never): never;
  /** Does not exist: the integral diverges. */
  stddev(this: never): never;
}

/** p(x) = 1 / (π scale (1 + z²)), z = (x − loc) / scale. Samples are loc + scale·tan(π(u − ½)). */
export class Cauchy extends Standardised {
  constructor(config: CauchyConfig) {
    super('Cauchy', config);
  }

  get support() {
    return real;
  }

  protected noise(shape: Shape, key: Key) {
    return cauchyNoise(shape, key);
  }

  protected logDensityOf(z: tf.Tensor) {
    return cauchyLogDensity(z);
  }

  protected cdfOf(z: tf.Tensor) {
    return cauchyCdf(z);
  }

  protected logCdfOf(z: tf.Tensor) {
    const tail = cauchyCdf(tf.neg(tf.abs(z)));
    return select(tf.less(z, 0), safeLog(tail), log1p(tf.neg(tail)));
  }

  protected survivalOf(z: tf.Tensor) {
    return cauchyCdf(tf.neg(z));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return this.logCdfOf(tf.neg(z));
  }

  protected quantileOf(p: tf.Tensor) {
    return cauchyQuantile(p);
  }

  protected get standard() {
    return {mode: 0, entropy: Math.log(4 * Math.PI)};
  }

  override klRules(): KlRule[] {
    return [
      klRule<Cauchy, Cauchy>('Cauchy', 'Cauchy', (q, p) =>
        cauchyKl([q.param('loc'), q.param('scale')], [p.param('loc'), p.param('scale')]),
      ),
    ];
  }
}
