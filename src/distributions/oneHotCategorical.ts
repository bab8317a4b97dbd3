/** The categorical distribution over one-hot vectors. */
import * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';
import {CategoricalFamily, type CategoricalConfig} from './categoricalFamily.js';
import {oneHot} from './constraints.js';
import type {Param} from './distribution.js';
import {registerKl} from './kl.js';
import {atLeast, oneHotOf} from '../math/numerics.js';
import {shapeOfParam} from './parameters.js';

export type OneHotCategoricalConfig = CategoricalConfig;

/** Class k with probability softmax(logits)_k or probs_k. A value is a one-hot vector, float32, of event shape [classes]. */
export class OneHotCategorical extends CategoricalFamily {
  constructor(config: OneHotCategoricalConfig) {
    super('OneHotCategorical', config, 'float32');
  }

  get support() {
    return oneHot;
  }

  protected override eventShapeOf(parameters: Readonly<Record<string, Param>>): Shape {
    return shapeOfParam(this.name, 'logits', Object.values(parameters)[0]!).slice(-1);
  }

  protected fromIndex(index: tf.Tensor) {
    return oneHotOf(index, this.classes);
  }

  protected toOneHot(x: tf.Tensor) {
    return atLeast(x, 0); // weights below 0 are outside the support, and would turn −∞ into ∞
  }

  protected override _mean() {
    return this.probs();
  }

  protected override _variance() {
    const probs = this.probs();
    return tf.mul(probs, tf.sub(1, probs));
  }

  static {
    registerKl<OneHotCategorical, OneHotCategorical>('OneHotCategorical', 'OneHotCategorical', (q, p) => CategoricalFamily.divergence(q, p));
  }
}
