/** The Laplace distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {laplaceNoise} from '../random/noise.js';
import {klRule, type KlRule} from './klRule.js';
import {laplaceKl} from '../functions/scaleKl/index.js';
import {LocationScale, type LocationScaleConfig} from './locationScale.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {laplaceLogDensity} from '../functions/families/index.js';
import {atLeast, atMost, select} from '../math/numerics.js';

/** Parameters of `Laplace`: the median, and the mean distance from it; they broadcast to [batch…]. */
export type LaplaceConfig = LocationScaleConfig;

/** p(x) = exp(−|z|) / (2 scale), z = (x − loc) / scale. */
export class Laplace extends LocationScale {
  constructor(config: LaplaceConfig) {
    super('Laplace', config);
  }

  protected noise(shape: Shape, key: Key) {
    return laplaceNoise(shape, key);
  }

  protected logDensityOf(z: tf.Tensor) {
    return laplaceLogDensity(z);
  }

  // each branch sees only its own side of z, so that neither overflows
  protected cdfOf(z: tf.Tensor) {
    return select(tf.lessEqual(z, 0), half(atMost(z, 0)), tf.sub(1, half(tf.neg(atLeast(z, 0)))));
  }

  protected logCdfOf(z: tf.Tensor) {
    const lower = tf.sub(atMost(z, 0), Math.LN2);
    return select(tf.lessEqual(z, 0), lower, log1p(tf.neg(half(tf.neg(atLeast(z, 0))))));
  }

  protected survivalOf(z: tf.Tensor) {
    return this.cdfOf(tf.neg(z));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return this.logCdfOf(tf.neg(z));
  }

  protected quantileOf(p: tf.Tensor) {
    return select(tf.lessEqual(p, 0.5), safeLog(tf.mul(p, 2)), tf.neg(safeLog(tf.mul(tf.sub(1, p), 2))));
  }

  protected get standard() {
    return {mean: 0, variance: 2, mode: 0, entropy: 1 + Math.LN2};
  }

  override klRules(): KlRule[] {
    return [
      klRule<Laplace, Laplace>('Laplace', 'Laplace', (q, p) =>
        laplaceKl([q.param('loc'), q.param('scale')], [p.param('loc'), p.param('scale')]),
      ),
    ];
  }
}

/** e^z / 2. */
const half = (z: tf.Tensor): tf.Tensor => tf.mul(tf.exp(z), 0.5);
