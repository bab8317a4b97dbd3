/** The Pareto distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {positive} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {expm1, log1mexp, log1p} from '../functions/elementary/index.js';
import {logRatio, powerRatio} from '../functions/families/index.js';
import {unlessNaN} from '../functions/guards/index.js';
import {select} from '../math/numerics.js';
import type {Key} from '../keys/key.js';
import {exponentialNoise} from '../random/noise.js';
import {bounded} from './boundedSupport.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {ratioExcess} from '../functions/scaleKl/index.js';

/** Parameters of `Pareto`; they broadcast to [batch…]. */
export interface ParetoConfig extends DistributionConfig {
  /** The exponent a of the tail, > 0. */
  concentration: Param;
  /** The least value, > 0. */
  scale: Param;
}

export interface Pareto {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** p(x) = a scale^a / x^{a+1}, x >= scale, a the concentration. Samples are scale·e^{e/a}, e exponential. */
export class Pareto extends Distribution {
  constructor(config: ParetoConfig) {
    super('Pareto', config, {concentration: positive, scale: positive});
  }

  get support(): Constraint {
    return bounded(['scale', this.parameters['scale']!]);
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    const logX = tf.div(exponentialNoise(shape, key), this.param('concentration'));
    // a GPU may take the exponential of NaN for a number
    return tf.mul(this.param('scale'), unlessNaN(tf.exp(logX), logX));
  }

  protected _logProb(x: tf.Tensor) {
    const [a, scale] = [this.param('concentration'), this.param('scale')];
    return tf.sub(logRatio(a, scale), tf.mul(tf.add(a, 1), logRatio(x, scale)));
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.neg(expm1(tf.neg(this.exponent(x))));
  }

  protected override _logCdf(x: tf.Tensor) {
    return log1mexp(this.exponent(x));
  }

  protected override _logSurvival(x: tf.Tensor) {
    return tf.neg(this.exponent(x));
  }

  protected override _survival(x: tf.Tensor) {
    return powerRatio(this.param('scale'), this.inside(x), this.param('concentration'));
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.mul(this.param('scale'), tf.exp(tf.div(tf.neg(log1p(tf.neg(p))), this.param('concentration'))));
  }

  /** ∞ for a <= 1. */
  protected override _mean() {
    const a = this.param('concentration');
    const exists = tf.greater(a, 1);
    const above = select(exists, a, 2);
    return select(exists, tf.mul(this.param('scale'), tf.div(above, tf.sub(above, 1))), Infinity);
  }

  /** ∞ for a <= 2. */
  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    const a = this.param('concentration');
    const exists = tf.greater(a, 2);
    const above = select(exists, a, 3);
    const spread = tf.div(tf.sqrt(tf.div(above, tf.sub(above, 2))), tf.sub(above, 1));
    return select(exists, tf.mul(this.param('scale'), spread), Infinity);
  }

  protected override _mode() {
    return this.param('scale');
  }

  protected override _entropy() {
    const a = this.param('concentration');
    return tf.add(tf.add(logRatio(this.param('scale'), a), tf.reciprocal(a)), 1);
  }

  /** x, and the least value below it. */
  private inside(x: tf.Tensor): tf.Tensor {
    const scale = this.param('scale');
    return select(tf.greaterEqual(x, scale), x, scale);
  }

  /** a ln(x/scale), 0 below the least value. */
  private exponent(x: tf.Tensor): tf.Tensor {
    return tf.mul(this.param('concentration'), logRatio(this.inside(x), this.param('scale')));
  }

  override klRules(): KlRule[] {
    // r − 1 − ln r + a_p ln(s_q/s_p), r = a_p/a_q, where p covers q, else ∞
    return [
      klRule<Pareto, Pareto>('Pareto', 'Pareto', (q, p) => {
        const [sq, sp] = [q.param('scale'), p.param('scale')];
        const ap = p.param('concentration');
        const covered = tf.greaterEqual(sq, sp);
        return select(
          covered,
          tf.add(ratioExcess(ap, q.param('concentration')), tf.mul(ap, logRatio(sq, sp))),
          Infinity,
        );
      }),
    ];
  }
}
