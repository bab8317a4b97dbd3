/** y = σ(x). */
import * as tf from '@tensorflow/tfjs-core';
import {openUnitInterval} from '../../constraints/numberSets.js';
import {log1p, safeLog} from '../../functions/elementary/index.js';
import {Bijector} from './bijector.js';

/** y = 1 / (1 + e^{−x}), onto (0, 1). */
export class Sigmoid extends Bijector {
  constructor() {
    super('Sigmoid', {}, {});
  }

  override get codomain() {
    return openUnitInterval;
  }

  protected override at(x: number) {
    return 1 / (1 + Math.exp(-x));
  }

  protected _forward(x: tf.Tensor) {
    return tf.sigmoid(x);
  }

  protected _inverse(y: tf.Tensor) {
    return tf.sub(safeLog(y), log1p(tf.neg(y)));
  }

  // ln σ(x) + ln σ(−x)
  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return tf.neg(tf.add(tf.softplus(x), tf.softplus(tf.neg(x))));
  }

  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    return tf.neg(tf.add(safeLog(y), log1p(tf.neg(y))));
  }
}
