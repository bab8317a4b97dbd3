/** y = e^x. */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../../constraints/numberSets.js';
import {safeLog} from '../../functions/elementary/index.js';
import {Bijector} from './bijector.js';

/** y = e^x, onto the positive numbers. */
export class Exp extends Bijector {
  constructor() {
    super('Exp', {}, {});
  }

  override get codomain() {
    return positive;
  }

  protected override at(x: number) {
    return Math.exp(x);
  }

  protected _forward(x: tf.Tensor) {
    return tf.exp(x);
  }

  protected _inverse(y: tf.Tensor) {
    return safeLog(y);
  }

  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return x;
  }

  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    return tf.neg(safeLog(y));
  }
}
