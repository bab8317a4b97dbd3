/** The categorical distribution over one-hot vectors. */
import * as tf from '@tensorflow/tfjs-core';
import {shapeOfNumbers} from '../util/numbers.js';
import {oneHot} from '../constraints/vectors.js';
import type {Shape} from '../util/shapes.js';
import {CategoricalFamily, type CategoricalConfig} from './categoricalFamily.js';
import type {Param} from './distribution.js';
import {klRule, type KlRule} from './klRule.js';
import {oneHotOf, select} from '../math/numerics.js';

/** Parameters of `OneHotCategorical`, as those of `Categorical`. */
export type OneHotCategoricalConfig = CategoricalConfig;

export interface OneHotCategorical {
  /** Does not exist: values are vectors. */
  cdf(this: never): never;
  /** Does not exist: values are vectors. */
  logCdf(this: never): never;
  /** Does not exist: values are vectors. */
  survival(this: never): never;
  /** Does not exist: values are vectors. */
  quantile(this: never): never;
}

/**
 * Class k with probability softmax(logits)_k or probs_k. A value is a one-hot vector, float32 unless asked otherwise,
 * of event shape [classes].
 * @example
 * ```ts
 * const q = new st.OneHotCategorical({probs: [0.2, 0.3, 0.5]});
 * q.mode(); // [0, 0, 1]
 * q.entropy(); // 1.0297
 * ```
 */
export class OneHotCategorical extends CategoricalFamily {
  constructor(config: OneHotCategoricalConfig) {
    super('OneHotCategorical', config, 'float32');
  }

  get support() {
    return oneHot;
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    // one of them was given
    return shapeOfNumbers(this.name, 'logits', (parameters['logits'] ?? parameters['probs'])!).slice(-1);
  }

  protected fromIndex(index: tf.Tensor) {
    return tf.cast(oneHotOf(index, this.classes), this.dtype);
  }

  protected toOneHot(x: tf.Tensor) {
    return x;
  }

  protected override _mean() {
    return this.probs();
  }

  protected override _variance() {
    return tf.mul(this.probs(), this.complements());
  }

  /** The root of each factor, since the variance may leave float32 where this does not. */
  protected override _stddev() {
    const complements = this.complements();
    if (this.by === 'probs') return tf.mul(tf.sqrt(this.probs()), tf.sqrt(complements));
    const isCertain = tf.equal(complements, 0); // as is, with a derivative of 0, what rounds to it
    return tf.mul(
      tf.exp(tf.mul(this.logProbs(), 0.5)),
      select(isCertain, 0, tf.sqrt(select(isCertain, 1, complements))),
    );
  }

  /** p_i (1 − p_i) on the diagonal, −p_i p_j off it. */
  protected override _covariance() {
    const probs = this.probs();
    const products = tf.neg(tf.mul(tf.expandDims(probs, -1), tf.expandDims(probs, -2)));
    const diagonal = tf.eye(this.classes);
    return tf.add(tf.mul(products, tf.sub(1, diagonal)), tf.mul(tf.expandDims(this._variance(), -1), diagonal));
  }

  override klRules(): KlRule[] {
    return [
      klRule<OneHotCategorical, OneHotCategorical>('OneHotCategorical', 'OneHotCategorical', (q, p) =>
        CategoricalFamily.divergence(q, p),
      ),
    ];
  }
}
