/** Where a formula holds: value in a set, −∞ outside, in one kernel, so that the formula may do there what it likes. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from './apply.js';

/** Sets of numbers, by test on the host and by expression in a shader. */
export const SETS = {
  Positive: {test: (x: number) => x > 0 && x < Infinity, shader: 'x > 0.0 && x <= 3.4e38'},
  NonNegative: {test: (x: number) => x >= 0 && x < Infinity, shader: 'x >= 0.0 && x <= 3.4e38'},
  UnitInterval: {test: (x: number) => x >= 0 && x <= 1, shader: 'x >= 0.0 && x <= 1.0'},
  OpenUnitInterval: {test: (x: number) => x > 0 && x < 1, shader: 'x > 0.0 && x < 1.0'},
  Boolean: {test: (x: number) => x === 0 || x === 1, shader: 'x == 0.0 || x == 1.0'},
  Sign: {test: (x: number) => x === -1 || x === 1, shader: 'x == -1.0 || x == 1.0'},
  Counts: {test: (x: number) => x >= 0 && x < Infinity && Math.floor(x) === x, shader: 'x >= 0.0 && x <= 3.4e38 && floor(x) == x'},
} as const;

export type GuardSet = keyof typeof SETS;
export const guardNames = Object.keys(SETS) as GuardSet[]; // the keys of a constant record

export const kernelNameOf = (kind: 'Guard' | 'Indicator', set: GuardSet): string => `St${kind}${set}`;

/** value where x lies in the set, −∞ elsewhere; the derivative passes to value inside and is 0 in x. */
export function guard(set: GuardSet, value: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return apply('guard', kernelNameOf('Guard', set), {value, x});
}

/** 1 where x lies in the set, 0 elsewhere. */
export function indicator(set: GuardSet, x: tf.Tensor): tf.Tensor {
  return apply('indicator', kernelNameOf('Indicator', set), {x});
}

/** value where low <= x <= high, −∞ elsewhere; the derivative passes to value inside. */
export function guardBetween(value: tf.Tensor, x: tf.Tensor, low: tf.Tensor | number, high: tf.Tensor | number): tf.Tensor {
  return apply('guard', 'StGuardBetween', {value, x, low, high});
}

export function indicatorBetween(x: tf.Tensor, low: tf.Tensor | number, high: tf.Tensor | number): tf.Tensor {
  return apply('indicator', 'StIndicatorBetween', {x, low, high});
}
