/** Families whose values x are y/rate or scale/y, with y a gamma variable. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import {
  scaledGamma,
  scaledGammaDraw,
  scaledGammaQuantile,
  type GammaScale,
  type GammaQuantity,
} from '../functions/scaledGamma/index.js';
import {stopGradient} from '../math/stopGradient.js';
import {drawGamma} from '../random/gamma.js';
import type {Key} from '../keys/key.js';
import {Distribution} from './distribution.js';

/** The concentration a of y, and b, which is the rate, its logarithm or the scale. */
export interface ScaledParameters {
  by: GammaScale;
  a: tf.Tensor;
  b: tf.Tensor;
}

/** x·rate is gamma of a concentration, or scale/x. */
export interface ScaledGamma {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** Density, cdf, quantile and samples; moments are the family's own. */
export abstract class ScaledGamma extends Distribution {
  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  /** How the parameters say the gamma variable y. */
  protected abstract parts(): ScaledParameters;

  protected _sample(shape: Shape, key: Key) {
    const {by, a, b} = this.parts();
    const rate = stopGradient(by === 'LogRate' ? tf.exp(b) : b);
    // with the rate, so that nothing underflows that need not
    const drawn = drawGamma(stopGradient(a), shape, key, rate);
    return scaledGammaDraw(by, by === 'Scale' ? tf.reciprocal(drawn) : drawn, a, b);
  }

  protected _logProb(x: tf.Tensor) {
    return this.of('LogDensity', x);
  }

  protected override _cdf(x: tf.Tensor) {
    return this.of(this.parts().by === 'Scale' ? 'Upper' : 'Lower', x);
  }

  protected override _logCdf(x: tf.Tensor) {
    return this.of(this.parts().by === 'Scale' ? 'LogUpper' : 'LogLower', x);
  }

  protected override _logSurvival(x: tf.Tensor) {
    return this.of(this.parts().by === 'Scale' ? 'LogLower' : 'LogUpper', x);
  }

  protected override _survival(x: tf.Tensor) {
    return this.of(this.parts().by === 'Scale' ? 'Lower' : 'Upper', x);
  }

  protected override _quantile(p: tf.Tensor) {
    const {by, a, b} = this.parts();
    return scaledGammaQuantile(by, p, a, b);
  }

  private of(of: GammaQuantity, x: tf.Tensor): tf.Tensor {
    const {by, a, b} = this.parts();
    return scaledGamma(of, by, x, a, b);
  }
}
