/** Constraints of numbers between two others. */
import * as tf from '@tensorflow/tfjs-core';
import {COUNTS, guard, guardBetween, indicator, REAL, settle, settleBetween} from '../functions/guards/index.js';
import {select} from '../math/numerics.js';
import {check} from '../util/errors.js';
import {ofNumbers, type Constraint} from './constraint.js';

function checkEnds(name: string, low: unknown, high: unknown): void {
  const who = `constraints.${name}`;
  check(typeof low === 'number' && !Number.isNaN(low), who, 'low must be a number', low);
  check(typeof high === 'number' && high >= low, who, `high must be a number >= low = ${low}`, high);
}

const between = (x: tf.Tensor, low: number, high: number): tf.Tensor =>
  tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high));

/** The finite numbers of [low, high]. */
export function interval(low: number, high: number): Constraint {
  checkEnds('interval', low, high);
  return ofNumbers({
    name: 'interval',
    rule: `in [${low}, ${high}]`,
    ends: [low, high],
    test: v => Number.isFinite(v) && v >= low && v <= high,
    contains: x => between(x, low, high),
    guard: (value, x) => guardBetween(value, x, low, high),
    settle: x => settleBetween(x, low, high),
  });
}

/** The finite numbers of (low, high). */
export function openInterval(low: number, high: number): Constraint {
  checkEnds('openInterval', low, high);
  const contains = (x: tf.Tensor) => tf.logicalAnd(tf.greater(x, low), tf.less(x, high));
  return ofNumbers({
    name: 'openInterval',
    rule: `in (${low}, ${high})`,
    ends: [low, high],
    test: v => Number.isFinite(v) && v > low && v < high,
    contains,
    settle: x => select(tf.logicalOr(contains(x), isNaN(x)), x, (low + high) / 2),
  });
}

/** Where x is NaN: bool. (A comparison, since GPUs may think NaN impossible.) */
const isNaN = (x: tf.Tensor): tf.Tensor => tf.isNaN(indicator(REAL, x));

/** The whole numbers of [low, high]. */
export function integerInterval(low: number, high: number): Constraint {
  checkEnds('integerInterval', low, high);
  return ofNumbers({
    name: 'integerInterval',
    rule: `a whole number in [${low}, ${high}]`,
    test: v => Number.isInteger(v) && v >= low && v <= high,
    contains: x => tf.logicalAnd(tf.equal(x, tf.floor(x)), between(x, low, high)),
    guard: (value, x) => guardBetween(guard(COUNTS, value, tf.sub(x, low)), x, low, high),
    settle: x => settleBetween(settle(COUNTS, x), low, high),
  });
}
