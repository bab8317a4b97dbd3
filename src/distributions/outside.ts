/** What the base class of distributions sees to outside of the support, so that a family's formula need not. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {unlessNaN} from '../functions/guards/index.js';
import {select} from '../math/numerics.js';
import {stopGradient} from '../math/stopGradient.js';

/** What is asked of a distribution. */
interface Family {
  readonly support: Constraint;
  readonly isDiscrete: boolean;
  readonly eventShape: readonly number[];
}

/** `inside` where x lies in the support, NaN where x is NaN, −∞ elsewhere. */
export function guarded({support, eventShape}: Family, inside: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (support.guard !== undefined) return support.guard(inside, x);
  return unlessNaN(select(support.contains(stopGradient(x)), inside, -Infinity), sizeOfValue(eventShape, x));
}

/** The sum of the sizes of a value's elements, NaN if one of them is: a constant. */
export function sizeOfValue({length: rank}: readonly number[], x: tf.Tensor): tf.Tensor {
  return rank === 0
    ? stopGradient(x)
    : tf.sum(
        tf.abs(stopGradient(x)),
        Array.from({length: rank}, (_, i) => x.rank - 1 - i),
      );
}

/**
 * f(x) where x is a value of an interval that the support is; below it and above it constants, at which no derivative
 * of f is asked for.
 */
export function withinEnds(
  {support, isDiscrete, eventShape}: Family,
  x: tf.Tensor,
  below: number,
  above: number,
  f: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (isDiscrete || support.ends === undefined || support.settle === undefined || support.eventRank > 0)
    return unlessNaN(f(x), sizeOfValue(eventShape, x));
  const at = support.settle(x);
  const [given, moved] = [stopGradient(x), stopGradient(at)];
  return unlessNaN(select(tf.less(given, moved), below, select(tf.greater(given, moved), above, f(at))), given);
}
