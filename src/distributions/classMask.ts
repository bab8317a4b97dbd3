/** Classes that are left out of a categorical distribution, whatever their weights. */
import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../constraints/constraint.js';
import {check, fail} from '../util/errors.js';
import {indexer} from '../util/indexer.js';
import {floatTensor, placeOf, readNumbers, shapeOfNumbers, type HostNumbers, type Numbers} from '../util/numbers.js';
import {broadcastShapes, sizeOf} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {select} from '../math/numerics.js';
import type {Distribution} from './distribution.js';

/** By which parameter the weights of classes are given, and so which weight a class has that is left out. */
export type WeightsBy = 'logits' | 'probs';
const NONE = {logits: -Infinity, probs: 0} as const;

/** true (or 1) for each class that stays. */
export const classMask: Constraint = {
  name: 'classMask',
  rule: 'true or false along the last axis, and not false for all classes',
  eventRank: 1,
  check: v => typeof v !== 'number' && Array.from(v).every(a => a === 0 || a === 1) && Array.from(v).includes(1),
  contains: x => tf.logicalAnd(tf.all(tf.equal(x, tf.square(x)), -1), tf.greater(tf.max(x, -1), 0)),
};

/** −∞ or 0 where the mask leaves a class out; probabilities then sum to 1 again. */
function leaveOut(by: WeightsBy, weights: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const left = select(tf.greater(mask, 0), weights, NONE[by]);
  return by === 'logits' ? left : tf.div(left, tf.sum(left, -1, true));
}

/**
 * The weights of the classes of a categorical distribution, [batch…, classes], without those that its mask leaves out.
 * Call it in a tidy.
 */
export function classWeights({name, parameters: {logits, probs, mask}}: Pick<Distribution, 'name' | 'parameters'>): {
  by: WeightsBy;
  value: tf.Tensor;
} {
  const by = logits !== undefined ? 'logits' : 'probs';
  const given = floatTensor(name, by, (logits ?? probs)!); // one of them was given
  return {by, value: mask === undefined ? given : leaveOut(by, given, floatTensor(name, 'mask', mask))};
}

/** Weights on the host, without what the mask leaves out; probabilities stay as they were. */
export function leaveOutOnHost(who: string, by: WeightsBy, weights: HostNumbers, mask: HostNumbers): HostNumbers {
  const shape = broadcastShapes(who, [weights.shape, mask.shape]);
  const [weightAt, maskAt] = [indexer(weights.shape, shape), indexer(mask.shape, shape)];
  return {
    shape,
    values: Float32Array.from({length: sizeOf(shape)}, (_, i) =>
      mask.values[maskAt(i)] === 0 ? NONE[by] : weights.values[weightAt(i)]!,
    ),
  };
}

/**
 * Throws unless the mask has the classes of the weights and, as far as numbers are at hand, leaves one that has a
 * weight. `read`: tensors are read too.
 */
export function checkMask(who: string, by: WeightsBy, weights: Numbers, mask: Numbers, read: boolean): void {
  const [own, given] = [shapeOfNumbers(who, by, weights), shapeOfNumbers(who, 'mask', mask)];
  check(
    own.at(-1) === given.at(-1),
    who,
    `mask must be of the ${own.at(-1)} classes of ${by} along the last axis`,
    mask,
  );
  broadcastShapes(who, [own, given]);
  if (!read && (isTensor(weights) || isTensor(mask))) return;
  const host = (name: string, value: Numbers): HostNumbers => {
    const {values, shape} = readNumbers(who, name, value);
    return {values: Float32Array.from(values), shape};
  };
  const {values, shape} = leaveOutOnHost(who, by, host(by, weights), host('mask', mask));
  const classes = shape.at(-1)!; // the last axis is that of the classes
  for (let row = 0; row * classes < values.length; row++) {
    if (values.subarray(row * classes, (row + 1) * classes).some(v => v > NONE[by])) continue;
    fail(who, `mask must leave a class that has a weight, got none${placeOf(row, shape.slice(0, -1))}`);
  }
}
