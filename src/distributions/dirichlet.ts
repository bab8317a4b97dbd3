/** The Dirichlet distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {shapeOfNumbers} from '../util/numbers.js';
import {positiveVector, simplex} from '../constraints/vectors.js';
import type {Shape} from '../util/shapes.js';
import {digamma} from '../functions/gamma/index.js';
import {dirichletKlTerm, gammaEntropy} from '../functions/gammaKl/index.js';
import {implicitLogGamma} from '../functions/implicit/index.js';
import {atLeast, select} from '../math/numerics.js';
import {scaledGamma} from '../functions/scaledGamma/index.js';
import {stopGradient} from '../math/stopGradient.js';
import {drawLogGamma} from '../random/gamma.js';
import type {Key} from '../keys/key.js';
import {Distribution, type DistributionConfig, type Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';

/** The parameter of `Dirichlet`, [batch…, classes]. */
export interface DirichletConfig extends DistributionConfig {
  /** Each > 0; the last axis holds the classes. */
  concentration: Param;
}

export interface Dirichlet {
  /** Does not exist: values are vectors. */
  cdf(this: never): never;
  /** Does not exist: values are vectors. */
  logCdf(this: never): never;
  /** Does not exist: values are vectors. */
  survival(this: never): never;
  /** Does not exist: values are vectors. */
  quantile(this: never): never;
  /** Does not exist: there is no end of values. */
  enumerateSupport(this: never): never;
}

/** The smallest normal float32. */
const TINY = 2 ** -126;

/**
 * p(x) = Π x_i^{a_i − 1} / B(a) on vectors x >= 0 of sum 1, a the concentration; its density in all components but one.
 * Computed as that of the gamma variables whose shares the x are, over that of their sum, so that large concentrations
 * do not cancel; x counts as if its sum were 1 exactly.
 *
 * Samples are never 0, and differentiable in a (implicitly: Figurnov et al. 2018). The mode is NaN unless all a_i > 1.
 * @example
 * ```ts
 * const q = new st.Dirichlet({concentration: [1, 2, 3]});
 * q.mean(); // [0.1667, 0.3333, 0.5]
 * q.eventShape; // [3]
 * ```
 */
export class Dirichlet extends Distribution {
  constructor(config: DirichletConfig) {
    super('Dirichlet', config, {concentration: positiveVector});
  }

  get support() {
    return simplex;
  }

  get isDiscrete() {
    return false;
  }

  get isReparameterized(): true {
    return true;
  }

  protected _sample(shape: Shape, key: Key) {
    const a = this.param('concentration');
    const drawn = drawLogGamma(stopGradient(a), shape, key);
    const most = tf.max(drawn, -1, true);
    // a share that is 0 in float32, or all of the sum, is a constant: its logarithm may have an infinite derivative,
    // where a is below 10⁻¹⁹
    const counts = tf.greater(tf.sub(drawn, most), Math.log(TINY));
    const moves = tf.logicalAnd(counts, tf.greater(tf.sum(tf.cast(counts, 'float32'), -1, true), 1));
    const logs = select(moves, implicitLogGamma(select(moves, a, 1), select(moves, drawn, 0)), drawn);
    const powers = tf.exp(tf.sub(logs, most));
    return atLeast(tf.div(powers, tf.sum(powers, -1, true)), TINY);
  }

  /**
   * With g_i(y) the density of the gamma variable of concentration a_i and rate s, g that of Σ a_i: Π g_i(x_i) / g(1),
   * for any s.
   */
  protected _logProb(x: tf.Tensor) {
    const a = this.param('concentration');
    const total = tf.sum(a, -1, true);
    const rate = stopGradient(total);
    const terms = scaledGamma('LogDensity', 'Rate', x, a, rate);
    return tf.sub(
      tf.sum(terms, -1),
      tf.squeeze(scaledGamma('LogDensity', 'Rate', tf.onesLike(rate), total, rate), [-1]),
    );
  }

  protected override _mean() {
    return this.shares();
  }

  protected override _variance() {
    const [a, total] = this.withTotal();
    return tf.div(tf.mul(tf.div(a, total), tf.div(this.others(), total)), tf.add(total, 1));
  }

  /** The root of each factor, since the variance may leave float32 where this does not. */
  protected override _stddev() {
    const [a, total] = this.withTotal();
    return tf.div(tf.mul(tf.sqrt(tf.div(a, total)), tf.sqrt(tf.div(this.others(), total))), tf.sqrt(tf.add(total, 1)));
  }

  /** (δ_ij m_i − m_i m_j) / (Σ a + 1), m the mean. */
  protected override _covariance() {
    const [a, total] = this.withTotal();
    const eye = tf.eye(a.shape[a.rank - 1]!);
    const mean = tf.div(a, total);
    const products = tf.mul(tf.expandDims(tf.div(mean, tf.add(total, 1)), -1), tf.expandDims(mean, -2));
    return tf.sub(tf.mul(eye, tf.expandDims(this._variance(), -1)), tf.mul(products, tf.sub(1, eye)));
  }

  protected override _mode() {
    const excess = tf.sub(this.param('concentration'), 1);
    const defined = tf.all(tf.greater(excess, 0), -1, true);
    return select(defined, tf.div(excess, tf.sum(excess, -1, true)), NaN);
  }

  /** That of the gamma variables less that of their sum, and less E ln of the sum for each component but one. */
  protected override _entropy() {
    const a = this.param('concentration');
    const total = tf.sum(a, -1);
    const free = a.shape[a.rank - 1]! - 1;
    return tf.sub(tf.sub(tf.sum(gammaEntropy(a), -1), gammaEntropy(total)), tf.mul(digamma(total), free));
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    return shapeOfNumbers(this.name, 'concentration', parameters['concentration']!).slice(-1);
  }

  private withTotal(): [tf.Tensor, tf.Tensor] {
    const a = this.param('concentration');
    return [a, tf.sum(a, -1, true)];
  }

  /** The sum of all concentrations but one; total − a may cancel. */
  private others(): tf.Tensor {
    const a = this.param('concentration');
    return tf.sum(tf.mul(tf.expandDims(a, -2), tf.sub(1, tf.eye(a.shape[a.rank - 1]!))), -1);
  }

  private shares(): tf.Tensor {
    const [a, total] = this.withTotal();
    return tf.div(a, total);
  }

  override klRules(): KlRule[] {
    // as for gamma variables with rates for which the sums have one mean, less the divergence of the sums
    return [
      klRule<Dirichlet, Dirichlet>('Dirichlet', 'Dirichlet', (q, p) => {
        const [a, b] = [q.param('concentration'), p.param('concentration')];
        const totals = {total: tf.sum(a, -1, true), other: tf.sum(b, -1, true), change: tf.sum(tf.sub(b, a), -1, true)};
        return tf.sum(dirichletKlTerm(a, b, totals), -1);
      }),
    ];
  }
}
