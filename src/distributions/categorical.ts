/** The categorical distribution over class indices. */
import * as tf from '@tensorflow/tfjs-core';
import {ofType} from '../util/tensors.js';
import {integerInterval} from '../constraints/intervals.js';
import {stopGradient} from '../math/stopGradient.js';
import {CategoricalFamily, type CategoricalConfig} from './categoricalFamily.js';
import {klRule, type KlRule} from './klRule.js';
import {log1p, safeLog} from '../functions/elementary/index.js';
import {atMost, oneHotOf, select} from '../math/numerics.js';

export type {CategoricalConfig} from './categoricalFamily.js';

export interface Categorical {
  /** Does not exist: indices are names, not numbers. */
  mean(this: never): never;
  /** Does not exist: indices are names, not numbers. */
  variance(this: never): never;
  /** Does not exist: indices are names, not numbers. */
  stddev(this: never): never;
}

/**
 * Class k with probability softmax(logits)_k or probs_k. A value is an index 0, …, classes − 1, int32 unless asked
 * otherwise, of event shape [].
 * @example
 * ```ts
 * const q = new st.Categorical({probs: [0.2, 0.3, 0.5]});
 * q.prob([0, 2]); // [0.2, 0.5]
 * q.mode(); // 2
 * ```
 */
export class Categorical extends CategoricalFamily {
  constructor(config: CategoricalConfig) {
    super('Categorical', config, 'int32');
  }

  get support() {
    return integerInterval(0, this.classes - 1);
  }

  protected fromIndex(index: tf.Tensor) {
    // webgpu loses the values of a cast to the same dtype
    return ofType(index, this.dtype);
  }

  protected toOneHot(x: tf.Tensor) {
    return oneHotOf(stopGradient(x), this.classes);
  }

  protected override _cdf(x: tf.Tensor) {
    const at = stopGradient(x);
    const reached = tf.sum(tf.mul(oneHotOf(tf.floor(at), this.classes), this.cumulated()), -1);
    return select(tf.less(at, this.classes - 1), reached, 1);
  }

  protected override _logCdf(x: tf.Tensor) {
    const cdf = this._cdf(x);
    const isLow = tf.less(cdf, 0.5);
    // at a survival of 1 the second one has no derivative
    return select(isLow, safeLog(cdf), log1p(tf.neg(select(isLow, 0, this._survival(x)))));
  }

  protected override _survival(x: tf.Tensor) {
    const above = tf.greater(tf.range(0, this.classes), tf.expandDims(stopGradient(x), -1));
    return tf.sum(tf.mul(tf.cast(above, 'float32'), this.probs()), -1);
  }

  /** The number of classes at which the cdf has not reached p. */
  protected override _quantile(p: tf.Tensor) {
    const before = tf.less(stopGradient(this.cumulated()), tf.expandDims(stopGradient(p), -1));
    const isLast = tf.equal(tf.range(0, this.classes), this.classes - 1);
    return tf.sum(tf.cast(tf.logicalAnd(before, tf.logicalNot(isLast)), 'float32'), -1);
  }

  /** Sums of the probabilities up to each class, [batch…, classes]. */
  private cumulated(): tf.Tensor {
    const probs = this.probs();
    return atMost(tf.cumsum(probs, probs.rank - 1), 1); // tfjs miscounts from the end
  }

  override klRules(): KlRule[] {
    return [
      klRule<Categorical, Categorical>('Categorical', 'Categorical', (q, p) => CategoricalFamily.divergence(q, p)),
    ];
  }
}
