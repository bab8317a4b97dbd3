import type * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {isPromise, isTensor} from '../util/tensors.js';

/**
 * Reads the costs and checks them. Each has its own shape: they need not broadcast, since what counts is the sum of
 * their means.
 */
export function checkCosts(who: string, costs: unknown): tf.Tensor[] {
  const list: unknown[] = Array.isArray(costs) ? costs : [costs];
  check(list.length > 0, who, 'needs at least one cost, got an empty list');
  const checked: tf.Tensor[] = [];
  for (const [i, c] of list.entries()) checked.push(checkCost(who, `cost ${i}`, c)); // holes too
  return checked;
}

function checkCost(who: string, cost: string, c: unknown): tf.Tensor {
  if (!isTensor(c)) {
    const isNumber = typeof c === 'number' || Array.isArray(c) || ArrayBuffer.isView(c);
    const how = isNumber
      ? '; a reward or another number from outside joins the graph as st.cost(value, {dependsOn: nodes})'
      : isPromise(c)
        ? '; the function must not be async; a cost that arrives late joins the graph as st.cost(promise, ' +
          '{dependsOn: nodes})'
        : '';
    return fail(who, `${cost} must be a tensor${how}`, c);
  }
  check(c.dtype === 'float32', who, `${cost} must be a float32 tensor`, c);
  check(!c.isDisposed, who, `${cost} must be alive, got a tensor that is disposed; return it from its tf.tidy`);
  check(c.size > 0, who, `${cost} must have at least one number`, c);
  return c;
}
