/** Families of scale · z + loc, or of scale · z, with z of a standard distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Declaration} from './declaration.js';
import {positive, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {logOfTail} from '../functions/logarithms/index.js';
import {detach} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {Distribution, type DistributionConfig} from './distribution.js';

export interface Standardised {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** Everything follows from the standard member of the family (loc 0, scale 1), whose rules are named `…Of(z)`. */
export abstract class Standardised extends Distribution {
  protected constructor(
    name: string,
    config: DistributionConfig,
    declared: Declaration = {loc: real, scale: positive},
  ) {
    super(name, config, declared);
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  /** Draws of the standard member, of the given full shape. */
  protected abstract noise(shape: Shape, key: Key): tf.Tensor;
  /** ln p of the standard member at z. */
  protected abstract logDensityOf(z: tf.Tensor): tf.Tensor;
  /** F of the standard member at z. */
  protected abstract cdfOf(z: tf.Tensor): tf.Tensor;
  /** ln F of the standard member at z, accurate in the lower tail. */
  protected abstract logCdfOf(z: tf.Tensor): tf.Tensor;
  /** 1 − F of the standard member at z, accurate in the upper tail. */
  protected abstract survivalOf(z: tf.Tensor): tf.Tensor;
  /** Where F of the standard member is p. */
  protected abstract quantileOf(p: tf.Tensor): tf.Tensor;
  /** Mode and entropy of the standard member. */
  protected abstract get standard(): {mode: number; entropy: number};

  override get inferredDraw() {
    return (x: tf.Tensor) => this.place(this.noiseAt(detach(this.standardise(x))));
  }

  /** The noise that came out as z; parameters of the standard member bear on it. */
  protected noiseAt(z: tf.Tensor): tf.Tensor {
    return z;
  }

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

  protected override _logSurvival(x: tf.Tensor) {
    return this.logSurvivalOf(this.standardise(x));
  }

  /** ln of `survivalOf`. */
  protected logSurvivalOf(z: tf.Tensor): tf.Tensor {
    return logOfTail(this.survivalOf(z), this.cdfOf(z));
  }

  protected override _survival(x: tf.Tensor) {
    return this.survivalOf(this.standardise(x));
  }

  protected override _quantile(p: tf.Tensor) {
    return this.place(this.quantileOf(p));
  }

  protected override _mode() {
    return this.place(this.standard.mode);
  }

  protected override _entropy() {
    return tf.add(tf.log(this.param('scale')), this.standard.entropy);
  }

  /** loc + scale·z. */
  protected place(z: tf.Tensor | number): tf.Tensor {
    if (!('loc' in this.parameters)) return tf.mul(this.param('scale'), z);
    return z === 0 ? this.param('loc') : tf.add(this.param('loc'), tf.mul(this.param('scale'), z));
  }

  /** z = (x − loc) / scale. */
  protected standardise(x: tf.Tensor): tf.Tensor {
    return tf.div('loc' in this.parameters ? tf.sub(x, this.param('loc')) : x, this.param('scale'));
  }
}
