/** The Gumbel distribution (of maxima). */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {gumbelNoise} from '../random/noise.js';
import {klRule, type KlRule} from './klRule.js';
import {gumbelKl} from '../functions/scaleKl/index.js';
import {LocationScale, type LocationScaleConfig} from './locationScale.js';
import {expm1, log1mexpExp, log1p, safeLog} from '../functions/elementary/index.js';
import {expNeg} from '../functions/families/index.js';
import {atLeast, select} from '../math/numerics.js';

/** Parameters of `Gumbel`: the mode and the scale; they broadcast to [batch…]. */
export type GumbelConfig = LocationScaleConfig;

const EULER = 0.5772156649015329;

/** A z from which down the cdf is 0. */
const NONE = -80;

/** ln F(z), a constant where F is 0. */
const heldLogCdf = (z: tf.Tensor): tf.Tensor => tf.neg(expNeg(atLeast(z, NONE)));

/** p(x) = exp(−z − e^{−z}) / scale, z = (x − loc) / scale. */
export class Gumbel extends LocationScale {
  constructor(config: GumbelConfig) {
    super('Gumbel', config);
  }

  protected noise(shape: Shape, key: Key) {
    return gumbelNoise(shape, key);
  }

  protected logDensityOf(z: tf.Tensor) {
    return tf.neg(tf.add(z, expNeg(z)));
  }

  protected cdfOf(z: tf.Tensor) {
    return tf.exp(heldLogCdf(z));
  }

  protected logCdfOf(z: tf.Tensor) {
    return tf.neg(expNeg(z));
  }

  protected survivalOf(z: tf.Tensor) {
    return tf.neg(expm1(heldLogCdf(z)));
  }

  protected override logSurvivalOf(z: tf.Tensor) {
    return log1mexpExp(tf.neg(z));
  }

  protected quantileOf(p: tf.Tensor) {
    // near 1 through 1 − p, which is exact there, where ln p keeps few digits on the GPU backends
    const logP = select(tf.less(p, 0.5), safeLog(p), log1p(tf.sub(atLeast(p, 0.5), 1)));
    return tf.neg(safeLog(tf.neg(logP)));
  }

  protected get standard() {
    return {mean: EULER, variance: Math.PI ** 2 / 6, mode: 0, entropy: 1 + EULER};
  }

  override klRules(): KlRule[] {
    return [
      klRule<Gumbel, Gumbel>('Gumbel', 'Gumbel', (q, p) =>
        gumbelKl([q.param('loc'), q.param('scale')], [p.param('loc'), p.param('scale')]),
      ),
    ];
  }
}
