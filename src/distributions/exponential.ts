/** The exponential distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {nonNegative, positive} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import type {Key} from '../keys/key.js';
import {exponentialNoise} from '../random/noise.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {expm1, log1p} from '../functions/elementary/index.js';
import {logCdfByHazard} from '../functions/logarithms/index.js';
import {ratioExcess} from '../functions/scaleKl/index.js';
import {atLeast} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';

/** The parameter of `Exponential`, [batch…]. */
export interface ExponentialConfig extends DistributionConfig {
  /** One over the mean, > 0. */
  rate: Param;
}

export interface Exponential {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/**
 * p(x) = rate · exp(−rate x), x >= 0.
 * @example
 * ```ts
 * new st.Exponential({rate: 2}).quantile(0.5); // 0.3466
 * ```
 */
export class Exponential extends Distribution {
  constructor(config: ExponentialConfig) {
    super('Exponential', config, {rate: positive});
  }

  get support() {
    return nonNegative;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    return tf.div(exponentialNoise(shape, key), this.param('rate'));
  }

  protected _logProb(x: tf.Tensor) {
    return tf.sub(tf.log(this.param('rate')), tf.mul(this.param('rate'), x));
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.neg(expm1(tf.neg(this.scaled(x))));
  }

  protected override _logCdf(x: tf.Tensor) {
    const rate = this.param('rate');
    const inside = tf.reciprocal(stopGradient(rate));
    return logCdfByHazard(atLeast(x, 0), {
      of: t => this.scaled(t),
      logOf: t => tf.add(tf.log(rate), tf.log(t)),
      inside,
    });
  }

  protected override _logSurvival(x: tf.Tensor) {
    return tf.neg(this.scaled(x));
  }

  protected override _survival(x: tf.Tensor) {
    return tf.exp(tf.neg(this.scaled(x)));
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.div(tf.neg(log1p(tf.neg(p))), this.param('rate'));
  }

  protected override _mean() {
    return tf.reciprocal(this.param('rate'));
  }

  protected override _variance() {
    return tf.square(this._mean());
  }

  protected override _stddev() {
    return this._mean();
  }

  protected override _mode() {
    return tf.zerosLike(this.param('rate'));
  }

  protected override _entropy() {
    return tf.sub(1, tf.log(this.param('rate')));
  }

  /** rate · x, for x below 0 as at 0. */
  private scaled(x: tf.Tensor): tf.Tensor {
    return tf.mul(this.param('rate'), atLeast(x, 0));
  }

  /** As a gamma distribution: its concentration and rate. */
  gammaParts() {
    return {by: 'Rate' as const, a: tf.scalar(1), b: this.param('rate')};
  }

  override klRules(): KlRule[] {
    // those with gamma distributions are theirs, so that this family goes without gamma functions
    return [
      klRule<Exponential, Exponential>('Exponential', 'Exponential', (q, p) =>
        ratioExcess(p.param('rate'), q.param('rate')),
      ),
    ];
  }
}
