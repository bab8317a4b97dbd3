/** Constraints as data: what a parameter may be, and where a distribution has its mass. */
import * as tf from '@tensorflow/tfjs-core';
import {describe, fail} from '../util/errors.js';

export interface Constraint {
  readonly name: string;
  /** Completes the sentence "scale must be …". */
  readonly rule: string;
  /** How many of the rightmost axes one value has: 0 for numbers, 1 for vectors. */
  readonly eventRank: number;
  /** Does the number (eventRank 0) or the vector (eventRank 1) obey? What depends on tensors only `contains` can tell. */
  check(value: number | ArrayLike<number>): boolean;
  /** The same for each element of a tensor: bool, without the event axes. */
  contains(x: tf.Tensor): tf.Tensor;
}

function ofNumbers(name: string, rule: string, test: (v: number) => boolean, contains: (x: tf.Tensor) => tf.Tensor): Constraint {
  return {name, rule, eventRank: 0, check: v => typeof v === 'number' && Number.isFinite(v) && test(v), contains};
}

function ofVectors(name: string, rule: string, test: (v: number[]) => boolean, contains: (x: tf.Tensor) => tf.Tensor): Constraint {
  return {name, rule, eventRank: 1, check: v => typeof v !== 'number' && test(Array.from(v)), contains};
}

const isWhole = (x: tf.Tensor): tf.Tensor => tf.equal(x, tf.floor(x));
const between = (x: tf.Tensor, low: tf.Tensor | number, high: tf.Tensor | number): tf.Tensor =>
  tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high));

export const real = ofNumbers('real', 'a finite number', () => true, x => tf.isFinite(x));
export const positive = ofNumbers('positive', '> 0', v => v > 0, x => tf.greater(x, 0));
export const nonNegative = ofNumbers('nonNegative', '>= 0', v => v >= 0, x => tf.greaterEqual(x, 0));
export const unitInterval = ofNumbers('unitInterval', 'in [0, 1]', v => v >= 0 && v <= 1, x => between(x, 0, 1));
export const boolean = ofNumbers('boolean', '0 or 1', v => v === 0 || v === 1, x => tf.equal(x, tf.square(x)));

/** The numbers of [low, high]. */
export function interval(low: number, high: number): Constraint {
  return ofNumbers('interval', `in [${low}, ${high}]`, v => v >= low && v <= high, x => between(x, low, high));
}

/** The whole numbers of [low, high]. */
export function integerInterval(low: number, high: number): Constraint {
  return ofNumbers('integerInterval', `a whole number in [${low}, ${high}]`, v => Number.isInteger(v) && v >= low && v <= high,
    x => tf.logicalAnd(isWhole(x), between(x, low, high)));
}

/** Logarithms of weights along the last axis; −∞ leaves a class out. */
export const logWeights = ofVectors('logWeights', 'numbers below Infinity, not all -Infinity, along the last axis',
  v => v.every(a => a < Infinity) && v.some(a => a > -Infinity), x => tf.isFinite(tf.max(x, -1)));

export const simplex = ofVectors('simplex', '>= 0 and sum to 1 along the last axis',
  v => v.every(a => a >= 0) && Math.abs(v.reduce((a, b) => a + b, 0) - 1) < 1e-4,
  x => tf.logicalAnd(tf.all(tf.greaterEqual(x, 0), -1), tf.less(tf.abs(tf.sub(tf.sum(x, -1), 1)), 1e-4)));

export const oneHot = ofVectors('oneHot', 'one-hot along the last axis',
  v => v.every(a => a === 0 || a === 1) && v.filter(a => a === 1).length === 1,
  x => tf.logicalAnd(tf.all(tf.equal(x, tf.square(x)), -1), tf.equal(tf.sum(x, -1), 1)));

/** Throws `who: what must be …, got … at […]` at the first element of `values` that breaks the constraint. */
export function validate(who: string, what: string, constraint: Constraint, values: ArrayLike<number>, shape: readonly number[]): void {
  const outer = shape.slice(0, shape.length - constraint.eventRank);
  const width = constraint.eventRank === 0 ? 1 : shape[shape.length - 1]!;
  const rows = outer.reduce((a, b) => a * b, 1);
  for (let i = 0; i < rows; i++) {
    const value = constraint.eventRank === 0 ? values[i]! : Array.from({length: width}, (_, j) => values[i * width + j]!);
    if (constraint.check(value)) continue;
    const rule = typeof value === 'number' && !Number.isFinite(value) ? 'finite' : constraint.rule;
    fail(who, `${what} must be ${rule}, got ${describe(value)}${placeOf(i, outer)}`);
  }
}

/** ` at [1,3]` for the flat index; nothing for a scalar. */
export function placeOf(flat: number, shape: readonly number[]): string {
  const index: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(flat % shape[axis]!);
    flat = Math.floor(flat / shape[axis]!);
  }
  return shape.length === 0 ? '' : ` at [${index.join(',')}]`;
}
