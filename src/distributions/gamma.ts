/** The gamma distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {nonNegative, positive, real} from '../constraints/numberSets.js';
import {gammaEntropy} from '../functions/gammaKl/index.js';
import {select} from '../math/numerics.js';
import type {DistributionConfig, Param} from './distribution.js';
import type {KlRule} from './klRule.js';
import {gammaKlRules} from './gammaKl.js';
import {ScaledGamma, type ScaledParameters} from './scaledGamma.js';

/** Parameters of `Gamma`, the rate in one of two forms; they broadcast to [batch…]. */
export interface GammaConfig extends DistributionConfig {
  /** Greater than 0; below 1 the density at 0 is infinite. */
  concentration: Param;
  /** One over the scale, > 0. */
  rate?: Param;
  /** ln rate, in place of it. */
  logRate?: Param;
}

/**
 * p(x) = rate^a x^{a−1} e^{−rate·x} / Γ(a), x >= 0, a the concentration. Samples are never 0, and differentiable in
 * both parameters (implicitly in a: Figurnov et al. 2018). The mode is NaN where a <= 1.
 * @example
 * ```ts
 * const q = new st.Gamma({concentration: 2, rate: 4});
 * q.mean(); // 0.5
 * q.variance(); // 0.125
 * ```
 */
export class Gamma extends ScaledGamma {
  constructor(config: GammaConfig) {
    super('Gamma', config, {concentration: positive, rate: positive, logRate: real}, {oneOf: [['rate', 'logRate']]});
  }

  get support() {
    return nonNegative;
  }

  protected parts(): ScaledParameters {
    const a = this.param('concentration');
    return this.given('rate') ? {by: 'Rate', a, b: this.param('rate')} : {by: 'LogRate', a, b: this.param('logRate')};
  }

  protected override _mean() {
    return this.overRate(this.param('concentration'));
  }

  protected override _variance() {
    return this.overRate(this._mean());
  }

  protected override _stddev() {
    return this.overRate(tf.sqrt(this.param('concentration')));
  }

  protected override _mode() {
    const a = this.param('concentration');
    return this.overRate(select(tf.greater(a, 1), tf.sub(a, 1), NaN));
  }

  protected override _entropy() {
    return tf.sub(
      gammaEntropy(this.param('concentration')),
      this.given('rate') ? tf.log(this.param('rate')) : this.param('logRate'),
    );
  }

  private overRate(t: tf.Tensor): tf.Tensor {
    return this.given('rate') ? tf.div(t, this.param('rate')) : tf.mul(t, tf.exp(tf.neg(this.param('logRate'))));
  }

  /** As a gamma distribution: its concentration and rate. */
  gammaParts() {
    return this.parts();
  }

  override klRules(): KlRule[] {
    return gammaKlRules('Gamma');
  }
}
