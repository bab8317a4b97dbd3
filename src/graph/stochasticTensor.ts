/** The base of the two kinds of random node. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import type {Distribution} from '../distributions/distribution.js';

/** A random node. `value` is a plain tensor, to be used in any tfjs code. */
export abstract class StochasticTensor {
  /**
   * The node's value, of shape `[sample…, batch…, event…]`. Disposing it is the caller's affair, as with any tensor.
   */
  readonly value: tf.Tensor;
  /** As it was given, or one made up: for error messages, and to find a node's state in the next step. */
  readonly name: string;

  protected constructor(value: tf.Tensor, name: string) {
    brand(StochasticTensor.prototype, 'StochasticTensor');
    this.value = value;
    this.name = name;
  }

  /** That of the value. */
  get dtype(): tf.DataType {
    return this.value.dtype;
  }

  /** The distribution that the value belongs to. */
  abstract get distribution(): Distribution;

  /**
   * The surrogate term of a cost that lies downstream of this node: a tensor whose mean has the estimate as its
   * gradient, or null where none is needed (observed, reparameterised, mean, or an estimator of null).
   */
  abstract loss(finalLoss: tf.Tensor): tf.Tensor | null;

  /**
   * log p(value), of shape `[sample…, batch…]`: differentiable in the parameters, and in the value where that is not
   * cut off.
   */
  logProb(): tf.Tensor {
    return tf.tidy(() => this.distribution.logProb(this.value));
  }

  /** The entropy of the distribution, of shape `[batch…]`. */
  entropy(): tf.Tensor {
    return tf.tidy(() => this.distribution.entropy());
  }

  /** The mean of the distribution, of shape `[batch…, event…]`. */
  mean(): tf.Tensor {
    return tf.tidy(() => this.distribution.mean());
  }
}
