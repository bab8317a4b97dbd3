/**
 * Constraints that samplers add to those of numbers: they also draw at limits where a density has no value, from
 * certain events, infinite logits and open bounds.
 */
import * as tf from '@tensorflow/tfjs-core';
import {integerInterval} from './intervals.js';
import {ofNumbers} from './constraint.js';

/** Anything but NaN. */
export const notNaN = /* @__PURE__ */ ofNumbers({
  name: 'notNaN',
  rule: 'a number',
  test: v => !Number.isNaN(v),
  contains: x => tf.logicalNot(tf.isNaN(x)),
});

/** Anything but ∞ and NaN. */
export const belowInfinity = /* @__PURE__ */ ofNumbers({
  name: 'belowInfinity',
  rule: 'a number below Infinity',
  test: v => v < Infinity,
  contains: x => tf.less(x, Infinity),
});

/** Anything but −∞ and NaN. */
export const aboveMinusInfinity = /* @__PURE__ */ ofNumbers({
  name: 'aboveMinusInfinity',
  rule: 'a number above -Infinity',
  test: v => v > -Infinity,
  contains: x => tf.greater(x, -Infinity),
});

/** Probabilities of what need not happen. */
export const properProbability = /* @__PURE__ */ ofNumbers({
  name: 'properProbability',
  rule: 'in [0, 1)',
  ends: [0, 1],
  test: v => v >= 0 && v < 1,
  contains: x => tf.logicalAnd(tf.greaterEqual(x, 0), tf.less(x, 1)),
});

/** Probabilities of what can happen. */
export const positiveProbability = /* @__PURE__ */ ofNumbers({
  name: 'positiveProbability',
  rule: 'in (0, 1]',
  ends: [0, 1],
  test: v => v > 0 && v <= 1,
  contains: x => tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 1)),
});

/** Logarithms of what float32 can hold. */
export const logOfFloat = /* @__PURE__ */ ofNumbers({
  name: 'logOfFloat',
  rule: '<= 88, the logarithm of a float32',
  test: v => v <= 88,
  contains: x => tf.lessEqual(x, 88),
});

/** The largest number up to which float32 holds every whole number. */
export const MOST_COUNT = 2 ** 24;

/** Numbers of trials. */
export const wholeCount = /* @__PURE__ */ integerInterval(0, MOST_COUNT);
