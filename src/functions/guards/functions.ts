/** Where a formula holds: value in a set, −∞ outside, in one kernel, so that the formula may do there what it likes. */
import * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  belowKernel,
  guardBetweenKernel,
  indicatorBetweenKernel,
  settleBetweenKernel,
  unlessNaNKernel,
  type GuardSet,
} from './kernels.js';
import {readsAtOnce} from '../../math/finite.js';
import {stopGradient} from '../../math/stopGradient.js';

/**
 * value where x lies in the set, NaN where x is NaN, −∞ elsewhere; the derivative passes to value inside and is 0 in x.
 */
export function guard(set: GuardSet, value: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return apply('guard', set.guard, {value, x});
}

/** 1 where x lies in the set, NaN where x is NaN, 0 elsewhere. */
export function indicator(set: GuardSet, x: tf.Tensor): tf.Tensor {
  return apply('indicator', set.indicator, {x});
}

/**
 * x where it lies in the set or is NaN, elsewhere a constant well inside. What a formula gives for it is to be thrown
 * away by `guard`: at x itself the formula may have infinite derivatives, which a weight of 0 makes NaN in the backward
 * pass.
 */
export function settle(set: GuardSet, x: tf.Tensor): tf.Tensor {
  return apply('settle', set.settle, {x});
}

/** value where low <= x <= high, NaN where one of them is NaN, −∞ elsewhere; the derivative passes to value inside. */
export function guardBetween(value: tf.Tensor, x: tf.Tensor, low: MathInput, high: MathInput): tf.Tensor {
  return apply('guard', guardBetweenKernel, {value, x, low, high});
}

export function indicatorBetween(x: tf.Tensor, low: MathInput, high: MathInput): tf.Tensor {
  return apply('indicator', indicatorBetweenKernel, {x, low, high});
}

/** As `settle` for low <= x <= high: the constant is `low` if that is finite, else `high`, else 0. */
export function settleBetween(x: tf.Tensor, low: MathInput, high: MathInput): tf.Tensor {
  return apply('settle', settleBetweenKernel, {x, low, high});
}

/** value, NaN where x is NaN; the derivative passes to value. */
export function unlessNaN(value: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return apply('guard', unlessNaNKernel, {value, x});
}

/** 1 where u < p, NaN where p is NaN, else 0: a constant. */
export function indicatorBelow(u: tf.Tensor, p: tf.Tensor): tf.Tensor {
  return apply('below', belowKernel, {u, p});
}

/** σ(x), NaN where x is: some GPUs take the exponential of NaN for a number. */
export function sigmoidOf(x: tf.Tensor): tf.Tensor {
  return readsAtOnce() ? tf.sigmoid(x) : unlessNaN(tf.sigmoid(x), x);
}

/** The softmax along the last axis, all NaN where one of x is, as `sigmoidOf`. */
export function softmaxOf(x: tf.Tensor): tf.Tensor {
  return readsAtOnce() ? tf.softmax(x) : unlessNaN(tf.softmax(x), stopGradient(tf.sum(x, -1, true)));
}
