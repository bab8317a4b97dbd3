/** What families of density f(z) / scale, z = (x − loc) / scale, share: standard noise, shifted and scaled. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../random/key.js';
import {positive, real} from './constraints.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';

export interface LocationScaleConfig extends DistributionConfig {
  loc: Param;
  /** Greater than 0. */
  scale: Param;
}

/** Everything follows from the standard member of the family (loc 0, scale 1), whose rules are named `…Of(z)`. */
export abstract class LocationScale extends Distribution {
  protected constructor(name: string, config: LocationScaleConfig) {
    super(name, config, {loc: real, scale: positive});
  }

  get support() {
    return real;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected abstract noise(shape: Shape, key: Key): tf.Tensor;
  protected abstract logDensityOf(z: tf.Tensor): tf.Tensor;
  protected abstract cdfOf(z: tf.Tensor): tf.Tensor;
  protected abstract logCdfOf(z: tf.Tensor): tf.Tensor;
  protected abstract survivalOf(z: tf.Tensor): tf.Tensor;
  protected abstract quantileOf(p: tf.Tensor): tf.Tensor;
  /** Mean, variance, mode and entropy of the standard member. */
  protected abstract get standard(): {mean: number; variance: number; mode: number; entropy: number};

  protected _sample(shape: Shape, key: Key) {
    return this.place(this.noise(shape, key));
  }

  protected _logProb(x: tf.Tensor) {
    return tf.sub(this.logDensityOf(this.standardise(x)), tf.log(this.param('scale')));
  }

  protected override _cdf(x: tf.Tensor) {
    return this.cdfOf(this.standardise(x));
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.logCdfOf(this.standardise(x));
  }

  protected override _survival(x: tf.Tensor) {
    return this.survivalOf(this.standardise(x));
  }

  protected override _quantile(p: tf.Tensor) {
    return this.place(this.quantileOf(p));
  }

  protected override _mean() {
    return this.place(this.standard.mean);
  }

  protected override _variance() {
    return tf.mul(tf.square(this.param('scale')), this.standard.variance);
  }

  protected override _stddev() {
    return tf.mul(this.param('scale'), Math.sqrt(this.standard.variance));
  }

  protected override _mode() {
    return this.place(this.standard.mode);
  }

  protected override _entropy() {
    return tf.add(tf.log(this.param('scale')), this.standard.entropy);
  }

  /** loc + scale·z. */
  private place(z: tf.Tensor | number): tf.Tensor {
    return z === 0 ? this.param('loc') : tf.add(this.param('loc'), tf.mul(this.param('scale'), z));
  }

  private standardise(x: tf.Tensor): tf.Tensor {
    return tf.div(tf.sub(x, this.param('loc')), this.param('scale'));
  }
}
