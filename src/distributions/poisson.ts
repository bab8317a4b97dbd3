/** The Poisson distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {positive, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {klTerm, klTermOfLogs} from '../functions/divergence/index.js';
import {poissonTails} from '../functions/countTails/index.js';
import {gammaLogDensity, poissonLogMass} from '../functions/gamma/index.js';
import {igamma, igammac, logIgammac} from '../functions/incompleteGamma/index.js';
import {stopGradient} from '../math/stopGradient.js';
import {poisson} from '../random/counts.js';
import type {Key} from '../keys/key.js';
import type {Param} from './distribution.js';
import {IntegerDistribution, type IntegerConfig} from './integerDistribution.js';
import {integerQuantile} from './integerQuantile.js';
import {klRule, type KlRule} from './klRule.js';

/** The parameter of `Poisson`, [batch…], in one of two forms. */
export interface PoissonConfig extends IntegerConfig {
  /** The mean, > 0; give this or `logRate`. Counts above 2^24 are rounded to float32. */
  rate?: Param;
  /** The logarithm of the mean. */
  logRate?: Param;
}

export interface Poisson {
  /** Does not exist in closed form. */
  entropy(this: never): never;
  /** Does not exist: there is no greatest value. */
  enumerateSupport(this: never): never;
}

/**
 * P(k) = rate^k e^{−rate} / k!, k = 0, 1, ….
 * @example
 * ```ts
 * new st.Poisson({rate: 2}).prob([0, 1]); // [0.1353, 0.2707]
 * ```
 */
export class Poisson extends IntegerDistribution {
  constructor(config: PoissonConfig) {
    super('Poisson', config, {rate: positive, logRate: real}, [['rate', 'logRate']]);
  }

  protected _sample(shape: Shape, key: Key) {
    // the constructor has seen to the dtype
    return poisson(shape, {...this.parameters, dtype: this.dtype as 'float32' | 'int32', key});
  }

  protected _logProb(x: tf.Tensor) {
    // the gamma density of x + 1 is the same function of the rate
    return this.given('rate')
      ? gammaLogDensity(this.param('rate'), tf.add(x, 1))
      : poissonLogMass(x, this.param('logRate'));
  }

  protected cdfAt(k: tf.Tensor) {
    return this.given('rate') ? igammac(tf.add(k, 1), this.param('rate')) : poissonTails.cdf(k, this.param('logRate'));
  }

  protected logCdfAt(k: tf.Tensor) {
    return this.given('rate')
      ? logIgammac(tf.add(k, 1), this.param('rate'))
      : poissonTails.logCdf(k, this.param('logRate'));
  }

  protected survivalAt(k: tf.Tensor) {
    return this.given('rate')
      ? igamma(tf.add(k, 1), this.param('rate'))
      : poissonTails.survival(k, this.param('logRate'));
  }

  protected override _quantile(p: tf.Tensor) {
    return integerQuantile(p, {cdf: k => this.cdfAt(k), mean: this.rate(), stddev: this._stddev()});
  }

  protected override _mean() {
    return this.rate();
  }

  protected override _variance() {
    return this.rate();
  }

  protected override _stddev() {
    return this.given('rate') ? tf.sqrt(this.param('rate')) : tf.exp(tf.mul(this.param('logRate'), 0.5));
  }

  /** ⌊rate⌋; where the rate is whole, the number before it is a mode as well. */
  protected override _mode() {
    return this.typed(tf.floor(stopGradient(this.rate())));
  }

  private rate(): tf.Tensor {
    return this.given('rate') ? this.param('rate') : tf.exp(this.param('logRate'));
  }

  private logRate(): tf.Tensor {
    return this.given('rate') ? tf.log(this.param('rate')) : this.param('logRate');
  }

  override klRules(): KlRule[] {
    // a ln(a/b) − a + b
    return [
      klRule<Poisson, Poisson>('Poisson', 'Poisson', (q, p) =>
        q.given('logRate') && p.given('logRate') ? klTermOfLogs(q.logRate(), p.logRate()) : klTerm(q.rate(), p.rate()),
      ),
    ];
  }
}
