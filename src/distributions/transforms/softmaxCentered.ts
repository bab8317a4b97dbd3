/** From vectors of K − 1 numbers onto the simplex of K. */
import * as tf from '@tensorflow/tfjs-core';
import {openSimplex, realVector} from '../../constraints/vectors.js';
import {check} from '../../util/errors.js';
import {toShape, type Shape} from '../../util/shapes.js';
import {safeLog} from '../../functions/elementary/index.js';
import {softmaxOf} from '../../functions/guards/index.js';
import {Bijector} from './bijector.js';

/**
 * y = softmax([x, 0]), onto the open simplex. Volumes on the simplex are those of its first K − 1 coordinates, as in
 * the density of a Dirichlet, so that |det ∂y/∂x| = y₁ y₂ … y_K.
 */
export class SoftmaxCentered extends Bijector {
  constructor() {
    super('SoftmaxCentered', {}, {});
  }

  override get inputRank() {
    return 1;
  }

  override get codomain() {
    return openSimplex;
  }

  override get domain() {
    return realVector;
  }

  override forwardShape(shape: Shape) {
    const given = toShape('SoftmaxCentered.forwardShape', shape);
    check(given.length >= 1, 'SoftmaxCentered.forwardShape', 'the shape must have at least 1 axis', shape);
    return [...given.slice(0, -1), given[given.length - 1]! + 1];
  }

  override inverseShape(shape: Shape) {
    const given = toShape('SoftmaxCentered.inverseShape', shape);
    const last = given[given.length - 1]!;
    check(last >= 2, 'SoftmaxCentered', 'the simplex must have at least 2 classes', last);
    return [...given.slice(0, -1), last - 1];
  }

  protected _forward(x: tf.Tensor) {
    return softmaxOf(withZero(x));
  }

  protected _inverse(y: tf.Tensor) {
    const logs = safeLog(y);
    const k = y.shape[y.rank - 1]!;
    const [first, last] = tf.split(logs, [k - 1, 1], -1) as [tf.Tensor, tf.Tensor]; // two sizes
    return tf.sub(first, last);
  }

  protected override _forwardLogDetJacobian(x: tf.Tensor) {
    return tf.sum(tf.logSoftmax(withZero(x)), -1);
  }

  protected override _inverseLogDetJacobian(y: tf.Tensor) {
    return tf.neg(tf.sum(safeLog(y), -1));
  }
}

function withZero(x: tf.Tensor): tf.Tensor {
  return tf.concat([x, tf.zeros([...x.shape.slice(0, -1), 1])], -1);
}
