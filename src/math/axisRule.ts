/** What custom gradients of this library do to the axes of their inputs; a kernel says it by its name. */
import type * as tf from '@tensorflow/tfjs-core';

/**
 * `elementwise`: inputs broadcast, each element of the result is made of those at its place. `alongLast`: the same, but
 * for the last axis, which is mixed.
 */
export type AxisRule = 'elementwise' | 'alongLast';

const rules = new WeakMap<tf.Tensor, AxisRule>();

/** `result`, known to have come about by that rule. */
export function madeBy<T extends tf.Tensor>(rule: AxisRule, result: T): T {
  rules.set(result, rule);
  return result;
}

export function axisRuleOf(result: tf.Tensor): AxisRule | undefined {
  return rules.get(result);
}
