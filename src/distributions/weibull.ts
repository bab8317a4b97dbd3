/** The Weibull distribution. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {nonNegative, positive} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {unlessNaN} from '../functions/guards/index.js';
import {expm1, log1p, safeLog} from '../functions/elementary/index.js';
import {lgammaCurve, logRatio, powerRatio, weibullLogDensity} from '../functions/families/index.js';
import {lgamma} from '../functions/gamma/index.js';
import {logCdfByHazard} from '../functions/logarithms/index.js';
import {atLeast, select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';
import type {Key} from '../keys/key.js';
import {gumbelNoise} from '../random/noise.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {weibullKl} from '../functions/scaleKl/index.js';

const EULER = 0.5772156649015329;

/** Parameters of `Weibull`; they broadcast to [batch…]. */
export interface WeibullConfig extends DistributionConfig {
  /** The shape k, > 0. */
  concentration: Param;
  /** Greater than 0. */
  scale: Param;
}

export interface Weibull {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** p(x) = (k/scale) r^{k−1} exp(−r^k), r = x/scale >= 0, k the concentration. Samples are scale·(−ln u)^{1/k}. */
export class Weibull extends Distribution {
  constructor(config: WeibullConfig) {
    super('Weibull', config, {concentration: positive, scale: positive});
  }

  get support(): Constraint {
    return nonNegative;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    // −ln(−ln u) is Gumbel's
    const logX = tf.div(tf.neg(gumbelNoise(shape, key)), this.param('concentration'));
    // a GPU may take the exponential of NaN for a number
    return tf.mul(this.param('scale'), unlessNaN(tf.exp(logX), logX));
  }

  protected _logProb(x: tf.Tensor) {
    return weibullLogDensity(x, this.param('scale'), this.param('concentration'));
  }

  protected override _cdf(x: tf.Tensor) {
    return tf.neg(expm1(tf.neg(this.exponent(x))));
  }

  protected override _logCdf(x: tf.Tensor) {
    const [scale, k] = [this.param('scale'), this.param('concentration')];
    const logOf = (t: tf.Tensor) => tf.mul(k, logRatio(t, scale));
    return logCdfByHazard(atLeast(x, 0), {of: t => this.exponent(t), logOf, inside: stopGradient(scale)});
  }

  protected override _logSurvival(x: tf.Tensor) {
    return tf.neg(this.exponent(x));
  }

  protected override _survival(x: tf.Tensor) {
    return tf.exp(tf.neg(this.exponent(x)));
  }

  protected override _quantile(p: tf.Tensor) {
    const all = tf.equal(p, 1);
    const hazard = tf.neg(log1p(tf.neg(select(all, 0.5, p))));
    return select(
      all,
      Infinity,
      tf.mul(this.param('scale'), powerRatio(hazard, 1, tf.reciprocal(this.param('concentration')))),
    );
  }

  protected override _mean() {
    // in two factors, of which neither leaves float32 before the product does
    const root = tf.exp(tf.mul(lgamma(tf.add(tf.reciprocal(this.param('concentration')), 1)), 0.5));
    return tf.mul(tf.mul(this.param('scale'), root), root);
  }

  protected override _variance() {
    return tf.square(this._stddev());
  }

  protected override _stddev() {
    // ln of the ratio of the mean square to the squared mean
    const spread = lgammaCurve(1, tf.reciprocal(this.param('concentration')));
    return tf.mul(this._mean(), tf.sqrt(expm1(spread)));
  }

  protected override _mode() {
    const k = this.param('concentration');
    const inside = atLeast(k, 1);
    const at = tf.exp(tf.div(safeLog(tf.div(tf.sub(inside, 1), inside)), inside));
    return tf.mul(this.param('scale'), at);
  }

  protected override _entropy() {
    const k = this.param('concentration');
    return tf.add(tf.sub(logRatio(this.param('scale'), k), tf.div(EULER, k)), EULER + 1);
  }

  /** (x/scale)^k, 0 below 0. */
  private exponent(x: tf.Tensor): tf.Tensor {
    return powerRatio(atLeast(x, 0), this.param('scale'), this.param('concentration'));
  }

  override klRules(): KlRule[] {
    return [
      klRule<Weibull, Weibull>('Weibull', 'Weibull', (q, p) =>
        weibullKl([q.param('concentration'), q.param('scale')], [p.param('concentration'), p.param('scale')]),
      ),
    ];
  }
}
