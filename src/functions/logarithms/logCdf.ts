/** Logarithms of distribution functions by their cumulative hazards h = −ln(1 − F). */
import * as tf from '@tensorflow/tfjs-core';
import {log1mexp, log1mexpExp, log1p, safeLog} from '../elementary/index.js';
import {select} from '../../math/numerics.js';
import {stopGradient} from '../../math/stopGradient.js';

export interface Hazard {
  /** h(x); 0 where F is. */
  of: (x: tf.Tensor) => tf.Tensor;
  /** ln h(x), also where h(x) is too small for a number. */
  logOf: (x: tf.Tensor) => tf.Tensor;
  /**
   * A value of which the hazard is neither 0 nor ∞: where x is not one for a formula, it is evaluated there and thrown
   * away.
   */
  inside: tf.Tensor | number;
}

/** ln F(x) = ln(1 − e^{−h}), x >= 0: by ln h where h is small; −∞ at 0, a constant. */
export function logCdfByHazard(x: tf.Tensor, {of, logOf, inside}: Hazard): tf.Tensor {
  const isZero = tf.equal(stopGradient(x), 0);
  const isSmall = tf.logicalAnd(tf.less(stopGradient(of(x)), 1), tf.logicalNot(isZero));
  const isLarge = tf.logicalNot(tf.logicalOr(isSmall, isZero));
  const near = log1mexpExp(logOf(select(isSmall, x, inside)));
  return select(isZero, -Infinity, select(isSmall, near, log1mexp(of(select(isLarge, x, inside)))));
}

/** ln F of a F and 1 − F, each of which has its digits where it is small. */
export function logOfTail(lower: tf.Tensor, upper: tf.Tensor): tf.Tensor {
  const isLow = tf.less(stopGradient(lower), 0.5);
  return select(isLow, safeLog(select(isLow, lower, 1)), log1p(tf.neg(select(isLow, 0, upper))));
}
