/** Constraints of vectors along the last axis. */
import * as tf from '@tensorflow/tfjs-core';
import {
  BOOLEAN,
  guard,
  guardBetween,
  indicator,
  POSITIVE,
  REAL,
  settle,
  UNIT_INTERVAL,
  type GuardSet,
} from '../functions/guards/index.js';
import {ofVectors} from './constraint.js';

/** Logarithms of weights along the last axis; −∞ leaves a class out. */
export const logWeights = /* @__PURE__ */ ofVectors({
  name: 'logWeights',
  rule: 'numbers below Infinity, not all -Infinity, along the last axis',
  test: v => v.every(a => a < Infinity) && v.some(a => a > -Infinity),
  contains: x => tf.isFinite(tf.max(x, -1)),
});

/** How far the sum of probabilities may be from 1. */
const ROUNDING = 1e-4;

const sumsToOne = (v: readonly number[]): boolean => Math.abs(v.reduce((a, b) => a + b, 0) - 1) < ROUNDING;
const inSimplex = (x: tf.Tensor): tf.Tensor =>
  tf.logicalAnd(tf.all(tf.greaterEqual(x, 0), -1), tf.less(tf.abs(tf.sub(tf.sum(x, -1), 1)), ROUNDING));

/** Probabilities along the last axis. */
export const simplex = /* @__PURE__ */ ofVectors({
  name: 'simplex',
  rule: '>= 0 and sum to 1 along the last axis',
  test: v => v.every(a => a >= 0) && sumsToOne(v),
  contains: inSimplex,
  guard: (value, x) => guardVectors(UNIT_INTERVAL, value, x, 1 - ROUNDING, 1 + ROUNDING),
  settle: x => settle(UNIT_INTERVAL, guardBetween(x, tf.sum(x, -1, true), 1 - ROUNDING, 1 + ROUNDING)),
});

/** Probabilities of which none is 0. */
export const openSimplex = /* @__PURE__ */ ofVectors({
  name: 'openSimplex',
  rule: '> 0 and sum to 1 along the last axis',
  test: v => v.every(a => a > 0) && sumsToOne(v),
  contains: x => tf.logicalAnd(inSimplex(x), tf.all(tf.greater(x, 0), -1)),
  guard: (value, x) => guardVectors(POSITIVE, value, x, 1 - ROUNDING, 1 + ROUNDING),
  settle: x => settle(POSITIVE, x),
});

/** value where `set` holds for each element along the last axis and their sum is in [low, high], −∞ elsewhere. */
export function guardVectors(
  set: GuardSet,
  value: tf.Tensor,
  x: tf.Tensor,
  low: tf.Tensor | number,
  high = low,
): tf.Tensor {
  const classes = x.shape[x.rank - 1]!;
  return guardBetween(guardBetween(value, tf.sum(indicator(set, x), -1), classes, classes), tf.sum(x, -1), low, high);
}

/** One 1 among zeros along the last axis. */
export const oneHot = /* @__PURE__ */ ofVectors({
  name: 'oneHot',
  rule: 'one-hot along the last axis',
  test: v => v.every(a => a === 0 || a === 1) && v.filter(a => a === 1).length === 1,
  contains: x => tf.logicalAnd(tf.all(tf.equal(x, tf.square(x)), -1), tf.equal(tf.sum(x, -1), 1)),
  guard: (value, x) => guardVectors(BOOLEAN, value, x, 1),
  settle: x => settle(BOOLEAN, x),
});

/** Finite numbers along the last axis. */
export const realVector = /* @__PURE__ */ ofVectors({
  name: 'realVector',
  rule: 'finite numbers along the last axis',
  ends: [-Infinity, Infinity],
  test: v => v.every(Number.isFinite),
  contains: x => tf.all(tf.isFinite(x), -1),
  guard: (value, x) => guard(REAL, value, tf.sum(tf.abs(x), -1)),
  settle: x => settle(REAL, x),
});

/** Finite numbers above 0 along the last axis. */
export const positiveVector = /* @__PURE__ */ ofVectors({
  name: 'positiveVector',
  rule: '> 0 along the last axis',
  ends: [0, Infinity],
  test: v => v.every(a => a > 0 && a < Infinity),
  contains: x => tf.all(tf.logicalAnd(tf.greater(x, 0), tf.isFinite(x)), -1),
});
