/** The normal distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../random/key.js';
import {normalNoise} from '../random/noise.js';
import {positive, real} from './constraints.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {registerKl} from './kl.js';
import {logDensity, logNdtr, ndtr, ndtri} from './ndtr.js';

export interface NormalConfig extends DistributionConfig {
  loc: Param;
  /** The standard deviation, > 0. */
  scale: Param;
}

/** p(x) = exp(−z²/2) / (scale √(2π)), z = (x − loc) / scale. */
export class Normal extends Distribution {
  constructor(config: NormalConfig) {
    super('Normal', config, {loc: real, scale: positive});
  }

  get support() {
    return real;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized() {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    return tf.add(this.param('loc'), tf.mul(this.param('scale'), normalNoise(shape, key)));
  }

  protected _logProb(x: tf.Tensor) {
    return tf.sub(logDensity(this.standardise(x)), tf.log(this.param('scale')));
  }

  protected override _cdf(x: tf.Tensor) {
    return ndtr(this.standardise(x));
  }

  protected override _logCdf(x: tf.Tensor) {
    return logNdtr(this.standardise(x));
  }

  protected override _survival(x: tf.Tensor) {
    return ndtr(tf.neg(this.standardise(x)));
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.add(this.param('loc'), tf.mul(this.param('scale'), ndtri(p)));
  }

  protected override _mean() {
    return this.param('loc');
  }

  protected override _variance() {
    return tf.square(this.param('scale'));
  }

  protected override _mode() {
    return this.param('loc');
  }

  protected override _entropy() {
    return tf.add(tf.log(this.param('scale')), 0.5 * Math.log(2 * Math.PI * Math.E));
  }

  private standardise(x: tf.Tensor) {
    return tf.div(tf.sub(x, this.param('loc')), this.param('scale'));
  }

  static {
    // (r² + d² − 1)/2 − ln r, with r the ratio of the scales and d the distance of the means in p's scale
    registerKl<Normal, Normal>('Normal', 'Normal', (q, p) => {
      const ratio = tf.div(q.param('scale'), p.param('scale'));
      const distance = tf.div(tf.sub(q.param('loc'), p.param('loc')), p.param('scale'));
      const squares = tf.add(tf.sub(tf.square(ratio), 1), tf.square(distance));
      return tf.sub(tf.mul(squares, 0.5), tf.log(ratio));
    });
  }
}
