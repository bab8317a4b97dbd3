/** A family of nobody's, with few rules of its own: what it has else is the base class's. */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../../src/constraints/numberSets.js';
import {Distribution, type DistributionConfig, type Param} from '../../src/distributions/distribution.js';
import type {Key} from '../../src/keys/key.js';
import * as random from '../../src/random/index.js';

export interface RayleighConfig extends DistributionConfig {
  scale: Param;
}

/** P(X > x) = exp(−x²/(2 scale²)), x > 0. */
export class Rayleigh extends Distribution {
  constructor(config: RayleighConfig) {
    super('Rayleigh', config, {scale: positive});
  }

  get support() {
    return positive;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): boolean {
    return true;
  }

  protected _sample(shape: number[], key: Key) {
    const u = random.uniform(shape, {key});
    return tf.mul(this.param('scale'), tf.sqrt(tf.mul(tf.log1p(tf.neg(u)), -2)));
  }

  protected _logProb(x: tf.Tensor) {
    const z = tf.div(x, this.param('scale'));
    return tf.sub(tf.log(tf.div(z, this.param('scale'))), tf.mul(tf.square(z), 0.5));
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.neg(tf.expm1(tf.mul(tf.square(tf.div(x, this.param('scale'))), -0.5)));
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.mul(this.param('scale'), tf.sqrt(tf.mul(tf.log1p(tf.neg(p)), -2)));
  }

  protected override _variance() {
    return tf.mul(tf.square(this.param('scale')), 2 - Math.PI / 2);
  }

  protected override _mode() {
    return this.param('scale');
  }
}
