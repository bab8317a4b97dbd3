/** The inverse gamma distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../constraints/numberSets.js';
import {gammaEntropy} from '../functions/gammaKl/index.js';
import {digamma} from '../functions/gamma/index.js';
import {select} from '../math/numerics.js';
import type {DistributionConfig, Param} from './distribution.js';
import {scaledGammaKl} from './gammaKl.js';
import {klRule, type KlRule} from './klRule.js';
import {ScaledGamma, type ScaledParameters} from './scaledGamma.js';

/** Parameters of `InverseGamma`; they broadcast to [batch…]. */
export interface InverseGammaConfig extends DistributionConfig {
  /** Greater than 0. */
  concentration: Param;
  /** Greater than 0. */
  scale: Param;
}

/**
 * p(x) = scale^a x^{−a−1} e^{−scale/x} / Γ(a), x > 0, a the concentration: scale/x is gamma. Samples are scale/g, g
 * gamma. The mean is NaN where a <= 1, the variance and the standard deviation where a <= 2.
 */
export class InverseGamma extends ScaledGamma {
  constructor(config: InverseGammaConfig) {
    super('InverseGamma', config, {concentration: positive, scale: positive});
  }

  get support() {
    return positive;
  }

  protected parts(): ScaledParameters {
    return {by: 'Scale', a: this.param('concentration'), b: this.param('scale')};
  }

  protected override _mean() {
    return tf.div(this.param('scale'), above(this.param('concentration'), 1));
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    const a = this.param('concentration');
    return tf.div(this._mean(), tf.sqrt(above(a, 2)));
  }

  protected override _mode() {
    return tf.div(this.param('scale'), tf.add(this.param('concentration'), 1));
  }

  protected override _entropy() {
    const a = this.param('concentration');
    return tf.add(tf.sub(gammaEntropy(a), tf.mul(2, digamma(a))), tf.log(this.param('scale')));
  }

  override klRules(): KlRule[] {
    return [
      klRule<InverseGamma, InverseGamma>('InverseGamma', 'InverseGamma', (q, p) => scaledGammaKl(q.parts(), p.parts())),
    ];
  }
}

/** a − bound, NaN unless that is > 0. */
function above(a: tf.Tensor, bound: number): tf.Tensor {
  return select(tf.greater(a, bound), tf.sub(a, bound), NaN);
}
