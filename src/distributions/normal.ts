/** The normal distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {normalNoise} from '../random/noise.js';
import {klRule, type KlRule} from './klRule.js';
import {normalKl} from '../functions/scaleKl/index.js';
import {LocationScale, type LocationScaleConfig} from './locationScale.js';
import {logDensity, logNdtr, ndtr, ndtri} from '../functions/normal/index.js';

/** Parameters of `Normal`: mean and standard deviation; they broadcast to [batch…]. */
export type NormalConfig = LocationScaleConfig;

/**
 * p(x) = exp(−z²/2) / (scale √(2π)), z = (x − loc) / scale; scale is the standard deviation.
 * @example
 * ```ts
 * const q = new st.Normal({loc: 0, scale: [1, 2]});
 * q.logProb(0); // [-0.9189, -1.6121]
 * q.sample([5], {key: st.random.key(1)}).shape; // [5, 2]
 * ```
 */
export class Normal extends LocationScale {
  constructor(config: NormalConfig) {
    super('Normal', config);
  }

  protected override get isTotal() {
    return true;
  }

  protected noise(shape: Shape, key: Key) {
    return normalNoise(shape, key);
  }

  protected logDensityOf(z: tf.Tensor) {
    return logDensity(z);
  }

  protected cdfOf(z: tf.Tensor) {
    return ndtr(z);
  }

  protected logCdfOf(z: tf.Tensor) {
    return logNdtr(z);
  }

  protected survivalOf(z: tf.Tensor) {
    return ndtr(tf.neg(z));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return this.logCdfOf(tf.neg(z));
  }

  protected quantileOf(p: tf.Tensor) {
    return ndtri(p);
  }

  protected get standard() {
    return {mean: 0, variance: 1, mode: 0, entropy: 0.5 * Math.log(2 * Math.PI * Math.E)};
  }

  override klRules(): KlRule[] {
    return [
      klRule<Normal, Normal>('Normal', 'Normal', (q, p) =>
        normalKl([q.param('loc'), q.param('scale')], [p.param('loc'), p.param('scale')]),
      ),
    ];
  }
}
