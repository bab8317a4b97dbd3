/** The chi-squared distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {nonNegative, positive} from '../constraints/numberSets.js';
import {gammaEntropy} from '../functions/gammaKl/index.js';
import {select} from '../math/numerics.js';
import type {DistributionConfig, Param} from './distribution.js';
import type {KlRule} from './klRule.js';
import {gammaKlRules} from './gammaKl.js';
import {ScaledGamma, type ScaledParameters} from './scaledGamma.js';

/** The parameter of `Chi2`, [batch…]. */
export interface Chi2Config extends DistributionConfig {
  /** Degrees of freedom, > 0; they need not be whole. */
  df: Param;
}

/**
 * p(x) = x^{df/2 − 1} e^{−x/2} / (2^{df/2} Γ(df/2)), x >= 0: gamma of concentration df/2 and rate ½. The mode is NaN
 * where df <= 2.
 */
export class Chi2 extends ScaledGamma {
  constructor(config: Chi2Config) {
    super('Chi2', config, {df: positive});
  }

  get support() {
    return nonNegative;
  }

  protected parts(): ScaledParameters {
    return {by: 'Rate', a: tf.mul(this.param('df'), 0.5), b: tf.scalar(0.5)};
  }

  protected override _mean() {
    return this.param('df');
  }

  protected override _variance() {
    return tf.mul(this.param('df'), 2);
  }

  protected override _mode() {
    const df = this.param('df');
    return select(tf.greater(df, 2), tf.sub(df, 2), NaN);
  }

  protected override _entropy() {
    return tf.add(gammaEntropy(tf.mul(this.param('df'), 0.5)), Math.LN2);
  }

  /** As a gamma distribution: its concentration and rate. */
  gammaParts() {
    return this.parts();
  }

  override klRules(): KlRule[] {
    return gammaKlRules('Chi2');
  }
}
