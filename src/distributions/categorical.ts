/** The categorical distribution over class indices. */
import * as tf from '@tensorflow/tfjs-core';
import {stopGradient} from '../math/stopGradient.js';
import {CategoricalFamily, type CategoricalConfig} from './categoricalFamily.js';
import {integerInterval} from './constraints.js';
import {registerKl} from './kl.js';
import {oneHotOf} from '../math/numerics.js';

export type {CategoricalConfig} from './categoricalFamily.js';

/** Class k with probability softmax(logits)_k or probs_k. A value is an index 0, …, classes − 1, int32, of event shape []. */
export class Categorical extends CategoricalFamily {
  constructor(config: CategoricalConfig) {
    super('Categorical', config, 'int32');
  }

  get support() {
    return integerInterval(0, this.classes - 1);
  }

  protected fromIndex(index: tf.Tensor) {
    return index;
  }

  protected toOneHot(x: tf.Tensor) {
    return oneHotOf(stopGradient(x), this.classes);
  }

  protected override _cdf(x: tf.Tensor) {
    const upTo = tf.lessEqual(tf.range(0, this.classes), tf.expandDims(stopGradient(x), -1));
    return tf.sum(tf.mul(tf.cast(upTo, 'float32'), this.probs()), -1);
  }

  static {
    registerKl<Categorical, Categorical>('Categorical', 'Categorical', (q, p) => CategoricalFamily.divergence(q, p));
  }
}
