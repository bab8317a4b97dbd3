/** Constraints of numbers: each a value of its own, so that an app holds those that it uses. */
import * as tf from '@tensorflow/tfjs-core';
import {
  BOOLEAN,
  COUNTS,
  NON_NEGATIVE,
  OPEN_UNIT_INTERVAL,
  POSITIVE,
  REAL,
  SIGN,
  UNIT_INTERVAL,
} from '../functions/guards/index.js';
import {ofNumbers, ofSet} from './constraint.js';

/** The finite numbers. */
export const real = /* @__PURE__ */ ofSet(REAL, {
  name: 'real',
  rule: 'a finite number',
  ends: [-Infinity, Infinity],
});

/** The finite numbers but 0. */
export const nonZero = /* @__PURE__ */ ofNumbers({
  name: 'nonZero',
  rule: 'a finite number other than 0',
  test: v => Number.isFinite(v) && v !== 0,
  contains: x => tf.logicalAnd(tf.notEqual(x, 0), tf.isFinite(x)),
});

/** The finite numbers above 0. */
export const positive = /* @__PURE__ */ ofSet(POSITIVE, {name: 'positive', rule: '> 0', ends: [0, Infinity]});

/** The finite numbers from 0 on. */
export const nonNegative = /* @__PURE__ */ ofSet(NON_NEGATIVE, {
  name: 'nonNegative',
  rule: '>= 0',
  ends: [0, Infinity],
});

/** The numbers of [0, 1]. */
export const unitInterval = /* @__PURE__ */ ofSet(UNIT_INTERVAL, {
  name: 'unitInterval',
  rule: 'in [0, 1]',
  ends: [0, 1],
});

/** The numbers of (0, 1). */
export const openUnitInterval = /* @__PURE__ */ ofSet(OPEN_UNIT_INTERVAL, {
  name: 'openUnitInterval',
  rule: 'in (0, 1)',
  ends: [0, 1],
});

/**
 * 0 and 1. Between them every formula of a success is finite, and the guard knows NaN by itself: so a clip will do to
 * settle, which is faster than a look at each number.
 */
export const boolean = /* @__PURE__ */ ofSet(BOOLEAN, {
  name: 'boolean',
  rule: '0 or 1',
  settle: x => tf.clipByValue(x, 0, 1),
});

/** −1 and 1. */
export const sign = /* @__PURE__ */ ofSet(SIGN, {name: 'sign', rule: '-1 or 1'});

/** The whole numbers from 0 on. */
export const nonNegativeInteger = /* @__PURE__ */ ofSet(COUNTS, {
  name: 'nonNegativeInteger',
  rule: 'a whole number >= 0',
});
