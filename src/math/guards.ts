/** Where a formula holds: value in a set, −∞ outside, in one kernel, so that the formula may do there what it likes. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from './apply.js';
import {readsAtOnce} from './finite.js';
import {stopGradient} from './stopGradient.js';

/** Sets of numbers, by test on the host and by expression in a shader, and a number well inside, at which every formula of a family is finite. Of all numbers it is none at which one of them ends. */
export const SETS = {
  Real: {test: (x: number) => Number.isFinite(x), shader: 'abs(x) <= 3.4028234e38', inside: 0.5},
  Positive: {test: (x: number) => x > 0 && x < Infinity, shader: 'x > 0.0 && x <= 3.4028234e38', inside: 1},
  NonNegative: {test: (x: number) => x >= 0 && x < Infinity, shader: 'x >= 0.0 && x <= 3.4028234e38', inside: 1},
  UnitInterval: {test: (x: number) => x >= 0 && x <= 1, shader: 'x >= 0.0 && x <= 1.0', inside: 0.5},
  OpenUnitInterval: {test: (x: number) => x > 0 && x < 1, shader: 'x > 0.0 && x < 1.0', inside: 0.5},
  Boolean: {test: (x: number) => x === 0 || x === 1, shader: 'x == 0.0 || x == 1.0', inside: 0},
  Sign: {test: (x: number) => x === -1 || x === 1, shader: 'x == -1.0 || x == 1.0', inside: 1},
  Counts: {test: (x: number) => x >= 0 && x < Infinity && Math.floor(x) === x, shader: 'x >= 0.0 && x <= 3.4028234e38 && floor(x) == x', inside: 0},
} as const;

export type GuardSet = keyof typeof SETS;
export const guardNames = Object.keys(SETS) as GuardSet[]; // the keys of a constant record

export const kernelNameOf = (kind: 'Guard' | 'Indicator' | 'Settle', set: GuardSet): string => `St${kind}${set}`;

/** value where x lies in the set, NaN where x is NaN, −∞ elsewhere; the derivative passes to value inside and is 0 in x. */
export function guard(set: GuardSet, value: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return apply('guard', kernelNameOf('Guard', set), {value, x});
}

/** 1 where x lies in the set, NaN where x is NaN, 0 elsewhere. */
export function indicator(set: GuardSet, x: tf.Tensor): tf.Tensor {
  return apply('indicator', kernelNameOf('Indicator', set), {x});
}

/**
 * x where it lies in the set or is NaN, elsewhere a constant well inside. What a formula gives for it is to be thrown away by `guard`: at x itself the formula may have
 * infinite derivatives, which a weight of 0 makes NaN in the backward pass.
 */
export function settle(set: GuardSet, x: tf.Tensor): tf.Tensor {
  return apply('settle', kernelNameOf('Settle', set), {x});
}

type End = tf.Tensor | number;

/** value where low <= x <= high, NaN where one of them is NaN, −∞ elsewhere; the derivative passes to value inside. */
export function guardBetween(value: tf.Tensor, x: tf.Tensor, low: End, high: End): tf.Tensor {
  return apply('guard', 'StGuardBetween', {value, x, low, high});
}

export function indicatorBetween(x: tf.Tensor, low: End, high: End): tf.Tensor {
  return apply('indicator', 'StIndicatorBetween', {x, low, high});
}

/** As `settle` for low <= x <= high: the constant is `low` if that is finite, else `high`, else 0. */
export function settleBetween(x: tf.Tensor, low: End, high: End): tf.Tensor {
  return apply('settle', 'StSettleBetween', {x, low, high});
}

/** value, NaN where x is NaN; the derivative passes to value. */
export function unlessNaN(value: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return apply('guard', 'StUnlessNaN', {value, x});
}

/** 1 where u < p, NaN where p is NaN, else 0: a constant. */
export function below(u: tf.Tensor, p: tf.Tensor): tf.Tensor {
  return apply('below', 'StBelow', {u, p});
}

/** σ(x), NaN where x is: some GPUs take the exponential of NaN for a number. */
export function sigmoidOf(x: tf.Tensor): tf.Tensor {
  return readsAtOnce() ? tf.sigmoid(x) : unlessNaN(tf.sigmoid(x), x);
}

/** The softmax along the last axis, all NaN where one of x is, as `sigmoidOf`. */
export function softmaxOf(x: tf.Tensor): tf.Tensor {
  return readsAtOnce() ? tf.softmax(x) : unlessNaN(tf.softmax(x), stopGradient(tf.sum(x, -1, true)));
}
