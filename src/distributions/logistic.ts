/** The logistic distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {logisticNoise} from '../random/noise.js';
import {LocationScale, type LocationScaleConfig} from './locationScale.js';
import {logisticLogDensity, logRatio} from '../functions/families/index.js';
import {softplus} from '../functions/logarithms/index.js';

/**
 * Parameters of `Logistic`: the mean, and a scale that is the standard deviation times √3/π; they broadcast to
 * [batch…].
 */
export type LogisticConfig = LocationScaleConfig;

/** p(x) = σ(z) σ(−z) / scale, z = (x − loc) / scale. */
export class Logistic extends LocationScale {
  constructor(config: LogisticConfig) {
    super('Logistic', config);
  }

  protected noise(shape: Shape, key: Key) {
    return logisticNoise(shape, key);
  }

  protected logDensityOf(z: tf.Tensor) {
    return logisticLogDensity(z);
  }

  protected cdfOf(z: tf.Tensor) {
    return tf.sigmoid(z);
  }

  protected logCdfOf(z: tf.Tensor) {
    return tf.neg(softplus(tf.neg(z)));
  }

  protected survivalOf(z: tf.Tensor) {
    return tf.sigmoid(tf.neg(z));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return this.logCdfOf(tf.neg(z));
  }

  protected quantileOf(p: tf.Tensor) {
    return logRatio(p, tf.sub(1, p));
  }

  protected get standard() {
    return {mean: 0, variance: Math.PI ** 2 / 3, mode: 0, entropy: 2};
  }
}
