/** y = ln(1 + e^x). */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../../constraints/numberSets.js';
import {log1mexp, softplusInverse} from '../../functions/elementary/index.js';
import {Bijector} from './bijector.js';

/** y = ln(1 + e^x), onto the positive numbers. */
export class Softplus extends Bijector {
  constructor() {
    super('Softplus', {}, {});
  }

  override get codomain() {
    return positive;
  }

  protected override at(x: number) {
    return Math.log1p(Math.exp(x));
  }

  protected _forward(x: tf.Tensor) {
    return tf.softplus(x);
  }

  protected _inverse(y: tf.Tensor) {
    return softplusInverse(y);
  }

  // dy/dx = σ(x)
  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return tf.neg(tf.softplus(tf.neg(x)));
  }

  // σ(x) = 1 − e^{−y}
  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    return tf.neg(log1mexp(y));
  }
}
