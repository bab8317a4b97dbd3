/** y = tanh x. */
import * as tf from '@tensorflow/tfjs-core';
import {openInterval} from '../../constraints/intervals.js';
import {log1p} from '../../functions/elementary/index.js';
import {Bijector} from './bijector.js';

const signedUnit = openInterval(-1, 1);

/** y = tanh x, onto (−1, 1). */
export class Tanh extends Bijector {
  constructor() {
    super('Tanh', {}, {});
  }

  override get codomain() {
    return signedUnit;
  }

  protected override at(x: number) {
    return Math.tanh(x);
  }

  protected _forward(x: tf.Tensor) {
    return tf.tanh(x);
  }

  // artanh y
  protected _inverse(y: tf.Tensor) {
    return tf.mul(0.5, tf.sub(log1p(y), log1p(tf.neg(y))));
  }

  // ln(1 − tanh² x) = 2 (ln 2 − x − softplus(−2x)), which loses nothing where tanh x is nearly ±1
  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return tf.mul(2, tf.sub(tf.sub(Math.LN2, x), tf.softplus(tf.mul(x, -2))));
  }

  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    return tf.neg(tf.add(log1p(y), log1p(tf.neg(y))));
  }
}
