/** The von Mises distribution of angles. */
import * as tf from '@tensorflow/tfjs-core';
import {nonNegative, real} from '../constraints/numberSets.js';
import type {Shape} from '../util/shapes.js';
import {i0e, i0eMoment, i1e} from '../functions/bessel/index.js';
import {safeLog} from '../functions/elementary/index.js';
import {select} from '../math/numerics.js';
import {vonMisesDraw, vonMisesKl, vonMisesQuantile} from '../functions/circular/index.js';
import {stopGradient} from '../math/stopGradient.js';
import {versine, vonMisesCdf, vonMisesLogCdf, vonMisesLogDensity} from '../functions/vonMises/index.js';
import {drawVonMises} from '../random/bounded.js';
import type {Key} from '../keys/key.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';

/** Parameters of `VonMises`; they broadcast to [batch…]. */
export interface VonMisesConfig extends DistributionConfig {
  /** The mean direction, in radians. */
  loc: Param;
  /** κ >= 0: 0 is uniform on the circle, a large one nearly normal of variance 1/κ. */
  concentration: Param;
}

export interface VonMises {
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

const TURN = 2 * Math.PI;

/**
 * p(x) = e^{κ cos(x − loc)} / (2π I₀(κ)), of period 2π, so that any real number is an angle; samples lie in [−π, π],
 * and are differentiable in loc and κ (implicitly: Figurnov et al. 2018).
 *
 * The cdf is the integral from loc − π: of [0, 1] on [loc − π, loc + π], and 1 more with each turn, but 0 and 1 at −∞
 * and ∞; quantiles lie in [loc − π, loc + π]. `mean` is the circular mean, loc, and `variance` the circular variance 1
 * − E cos(x − loc); `stddev` is its square root.
 */
export class VonMises extends Distribution {
  constructor(config: VonMisesConfig) {
    super('VonMises', config, {loc: real, concentration: nonNegative});
  }

  override get isPeriodic() {
    return true;
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

  protected _sample(shape: Shape, key: Key) {
    const k = this.param('concentration');
    const angle = tf.add(this.param('loc'), vonMisesDraw(k, drawVonMises(stopGradient(k), shape, key)));
    return tf.sub(angle, tf.mul(turns(angle), TURN));
  }

  protected _logProb(x: tf.Tensor) {
    return vonMisesLogDensity(this.centre(x), this.param('concentration'));
  }

  protected override _cdf(x: tf.Tensor) {
    const z = this.centre(x);
    const whole = turns(z);
    return tf.add(vonMisesCdf(tf.sub(z, tf.mul(whole, TURN)), this.param('concentration')), whole);
  }

  /** In the first turn; beyond it F is above 1. */
  protected override _logCdf(x: tf.Tensor) {
    const z = this.centre(x);
    const isFirst = tf.equal(turns(z), 0);
    return select(
      isFirst,
      vonMisesLogCdf(select(isFirst, z, 0), this.param('concentration')),
      safeLog(select(isFirst, 1, this._cdf(x))),
    );
  }

  /** Of the nearest turn's, so that it is small where the cdf is nearly 1. */
  protected override _survival(x: tf.Tensor) {
    const z = this.centre(x);
    const whole = turns(z);
    return tf.sub(vonMisesCdf(tf.sub(tf.mul(whole, TURN), z), this.param('concentration')), whole);
  }

  protected override _quantile(p: tf.Tensor) {
    return tf.add(this.param('loc'), vonMisesQuantile(p, this.param('concentration')));
  }

  protected override _mean() {
    return this.param('loc');
  }

  protected override _variance() {
    return this.meanVersine();
  }

  protected override _mode() {
    return this.param('loc');
  }

  protected override _entropy() {
    const k = this.param('concentration');
    return tf.add(tf.mul(k, this.meanVersine()), tf.add(tf.log(i0e(k)), Math.log(TURN)));
  }

  /** E(1 − cos(x − loc)) = 1 − I₁(κ)/I₀(κ). */
  private meanVersine(): tf.Tensor {
    const k = this.param('concentration');
    return tf.div(i0eMoment(k, 1), i0e(k));
  }

  private centre(x: tf.Tensor): tf.Tensor {
    return tf.sub(x, this.param('loc'));
  }

  override klRules(): KlRule[] {
    // the divergence at equal locations, and κ_p E cos(z) (1 − cos d), d the distance of the locations
    return [
      klRule<VonMises, VonMises>('VonMises', 'VonMises', (q, p) => {
        const [a, b] = [q.param('concentration'), p.param('concentration')];
        const apart = versine(tf.sub(q.param('loc'), p.param('loc')));
        return tf.add(vonMisesKl(a, b), tf.mul(tf.mul(b, tf.div(i1e(a), i0e(a))), apart));
      }),
    ];
  }
}

/** How many turns an angle is away from [−π, π]: a constant. */
function turns(angle: tf.Tensor): tf.Tensor {
  return tf.round(tf.div(stopGradient(angle), TURN));
}
