/** Constraints as data: what a parameter may be, and where a distribution has its mass. */
import * as tf from '@tensorflow/tfjs-core';
import {check, describe, fail} from '../util/errors.js';
import {placeOf} from '../util/numbers.js';
import {sizeOf} from '../util/shapes.js';
import {guard, guardBetween, indicator, settle, settleBetween, type GuardSet} from '../functions/guards/index.js';
import {fixed, type Bounds, type Ends} from './ends.js';
import {select} from '../math/numerics.js';
import {choleskyFactor} from '../kernels/linalg/scalar.js';

export interface Constraint extends Bounds {
  readonly name: string;
  /** Completes the sentence "scale must be …". */
  readonly rule: string;
  /** How many of the rightmost axes one value has: 0 for numbers, 1 for vectors, 2 for matrices. */
  readonly eventRank: number;
  /** Whether values of rank 2 may be other than square matrices. */
  readonly anyShape?: boolean;
  /**
   * Does the number (eventRank 0), or do the numbers of the array of that shape, obey? What depends on tensors only
   * `contains` can tell.
   */
  check(value: number | ArrayLike<number>, shape?: readonly number[]): boolean;
  /** The same for each element of a tensor: bool, without the event axes. */
  contains(x: tf.Tensor): tf.Tensor;
  /**
   * value where x obeys, NaN where x is NaN, and −∞ elsewhere, as one kernel; constraints without it do with
   * `contains`.
   */
  guard?(value: tf.Tensor, x: tf.Tensor): tf.Tensor;
  /**
   * x where it obeys or is NaN, elsewhere a constant at which formulas are finite: derivatives of what `guard` throws
   * away must not be NaN.
   */
  settle?(x: tf.Tensor): tf.Tensor;
}

type Contains = (x: tf.Tensor) => tf.Tensor;

/** Of an interval, where it ends. */
type OfNumbers = [set?: GuardSet, ends?: Ends];

function ofNumbers(
  name: string,
  rule: string,
  test: (v: number) => boolean,
  contains: Contains,
  ...[set, ends]: OfNumbers
): Constraint {
  const base: Constraint = {
    name,
    rule,
    eventRank: 0,
    ends,
    check: v => typeof v === 'number' && Number.isFinite(v) && test(v),
    contains,
  };
  return set === undefined ? base : {...base, guard: (value, x) => guard(set, value, x), settle: x => settle(set, x)};
}

/** The same but for what is given; a call, unlike a literal that spreads, is left out where nobody uses its result. */
const refined = (base: Constraint, more: Partial<Constraint>): Constraint => ({...base, ...more});

function ofVectors(
  name: string,
  rule: string,
  test: (v: number[]) => boolean,
  contains: Contains,
  ends?: Ends,
): Constraint {
  return {name, rule, eventRank: 1, ends, check: v => typeof v !== 'number' && test(Array.from(v)), contains};
}

/** Of square matrices; `test` gets the rows. */
function ofMatrices(name: string, rule: string, test: (rows: number[][]) => boolean, contains: Contains): Constraint {
  return {
    name,
    rule,
    eventRank: 2,
    contains,
    check: (v, shape = []) => {
      const [rows, columns] = shape;
      if (typeof v === 'number' || rows === undefined || rows !== columns) return false;
      const all = Array.from(v);
      return (
        all.every(Number.isFinite) && test(Array.from({length: rows}, (_, i) => all.slice(i * rows, (i + 1) * rows)))
      );
    },
  };
}

/** Where x is NaN: bool. (A comparison, since GPUs may think NaN impossible.) */
const isNaN = (x: tf.Tensor): tf.Tensor => tf.isNaN(indicator('Real', x));
const isWhole = (x: tf.Tensor): tf.Tensor => tf.equal(x, tf.floor(x));
const between = (x: tf.Tensor, low: tf.Tensor | number, high: tf.Tensor | number): tf.Tensor =>
  tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high));

export const real = ofNumbers(
  'real',
  'a finite number',
  () => true,
  x => tf.isFinite(x),
  'Real',
  fixed(-Infinity, Infinity),
);
export const nonZero = ofNumbers(
  'nonZero',
  'a finite number other than 0',
  v => v !== 0,
  x => tf.logicalAnd(tf.notEqual(x, 0), tf.isFinite(x)),
);
export const positive = ofNumbers(
  'positive',
  '> 0',
  v => v > 0,
  x => tf.logicalAnd(tf.greater(x, 0), tf.isFinite(x)),
  'Positive',
  fixed(0, Infinity),
);
export const nonNegative = ofNumbers(
  'nonNegative',
  '>= 0',
  v => v >= 0,
  x => tf.logicalAnd(tf.greaterEqual(x, 0), tf.isFinite(x)),
  'NonNegative',
  fixed(0, Infinity),
);
export const unitInterval = ofNumbers(
  'unitInterval',
  'in [0, 1]',
  v => v >= 0 && v <= 1,
  x => between(x, 0, 1),
  'UnitInterval',
  fixed(0, 1),
);
export const openUnitInterval = ofNumbers(
  'openUnitInterval',
  'in (0, 1)',
  v => v > 0 && v < 1,
  x => tf.logicalAnd(tf.greater(x, 0), tf.less(x, 1)),
  'OpenUnitInterval',
  fixed(0, 1),
);
/**
 * Between 0 and 1 every formula of a success is finite, and the guard knows NaN by itself: so a clip will do, which is
 * faster than a look at each number.
 */
export const boolean = refined(
  ofNumbers(
    'boolean',
    '0 or 1',
    v => v === 0 || v === 1,
    x => tf.equal(x, tf.square(x)),
    'Boolean',
  ),
  {
    settle: x => tf.clipByValue(x, 0, 1),
  },
);
export const sign = ofNumbers(
  'sign',
  '-1 or 1',
  v => v === -1 || v === 1,
  x => tf.equal(tf.square(x), 1),
  'Sign',
);
export const nonNegativeInteger = ofNumbers(
  'nonNegativeInteger',
  'a whole number >= 0',
  v => v >= 0 && Number.isInteger(v),
  x => tf.logicalAnd(isWhole(x), tf.logicalAnd(tf.greaterEqual(x, 0), tf.isFinite(x))),
  'Counts',
);

function checkEnds(name: string, low: unknown, high: unknown): void {
  const who = `constraints.${name}`;
  check(typeof low === 'number' && !Number.isNaN(low), who, 'low must be a number', low);
  check(typeof high === 'number' && high >= low, who, `high must be a number >= low = ${low}`, high);
}

/** The numbers of [low, high]. */
export function interval(low: number, high: number): Constraint {
  checkEnds('interval', low, high);
  return {
    ...ofNumbers(
      'interval',
      `in [${low}, ${high}]`,
      v => v >= low && v <= high,
      x => between(x, low, high),
    ),
    ends: fixed(low, high),
    guard: (value, x) => guardBetween(value, x, low, high),
    settle: x => settleBetween(x, low, high),
  };
}

/** The numbers of (low, high). */
export function openInterval(low: number, high: number): Constraint {
  checkEnds('openInterval', low, high);
  const contains = (x: tf.Tensor) => tf.logicalAnd(tf.greater(x, low), tf.less(x, high));
  return {
    ...ofNumbers('openInterval', `in (${low}, ${high})`, v => v > low && v < high, contains),
    ends: fixed(low, high),
    settle: x => select(tf.logicalOr(contains(x), isNaN(x)), x, (low + high) / 2),
  };
}

/** The whole numbers of [low, high]. */
export function integerInterval(low: number, high: number): Constraint {
  checkEnds('integerInterval', low, high);
  return {
    ...ofNumbers(
      'integerInterval',
      `a whole number in [${low}, ${high}]`,
      v => Number.isInteger(v) && v >= low && v <= high,
      x => tf.logicalAnd(isWhole(x), between(x, low, high)),
    ),
    guard: (value, x) => guardBetween(guard('Counts', value, tf.sub(x, low)), x, low, high),
    settle: x => settleBetween(settle('Counts', x), low, high),
  };
}

/** Logarithms of weights along the last axis; −∞ leaves a class out. */
export const logWeights = ofVectors(
  'logWeights',
  'numbers below Infinity, not all -Infinity, along the last axis',
  v => v.every(a => a < Infinity) && v.some(a => a > -Infinity),
  x => tf.isFinite(tf.max(x, -1)),
);

/** How far the sum of probabilities may be from 1. */
const ROUNDING = 1e-4;

const inSimplex: Contains = x =>
  tf.logicalAnd(tf.all(tf.greaterEqual(x, 0), -1), tf.less(tf.abs(tf.sub(tf.sum(x, -1), 1)), ROUNDING));
const inOpenSimplex: Contains = x => tf.logicalAnd(inSimplex(x), tf.all(tf.greater(x, 0), -1));

export const simplex = refined(
  ofVectors(
    'simplex',
    '>= 0 and sum to 1 along the last axis',
    v => v.every(a => a >= 0) && Math.abs(v.reduce((a, b) => a + b, 0) - 1) < ROUNDING,
    inSimplex,
  ),
  {
    guard: (value, x) => guardVectors('UnitInterval', value, x, 1 - ROUNDING, 1 + ROUNDING),
    settle: x => settle('UnitInterval', guardBetween(x, tf.sum(x, -1, true), 1 - ROUNDING, 1 + ROUNDING)),
  },
);

/** Probabilities of which none is 0. */
export const openSimplex = refined(simplex, {
  name: 'openSimplex',
  rule: '> 0 and sum to 1 along the last axis',
  check: v => simplex.check(v) && Array.from(v as ArrayLike<number>).every(a => a > 0), // simplex takes vectors only
  contains: inOpenSimplex,
  guard: (value, x) => guardVectors('Positive', value, x, 1 - ROUNDING, 1 + ROUNDING),
  settle: x => settle('Positive', x),
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

export const oneHot = refined(
  ofVectors(
    'oneHot',
    'one-hot along the last axis',
    v => v.every(a => a === 0 || a === 1) && v.filter(a => a === 1).length === 1,
    x => tf.logicalAnd(tf.all(tf.equal(x, tf.square(x)), -1), tf.equal(tf.sum(x, -1), 1)),
  ),
  {
    guard: (value, x) => guardVectors('Boolean', value, x, 1),
    settle: x => settle('Boolean', x),
  },
);

export const realVector = refined(
  ofVectors(
    'realVector',
    'finite numbers along the last axis',
    v => v.every(Number.isFinite),
    x => tf.all(tf.isFinite(x), -1),
    fixed(-Infinity, Infinity),
  ),
  {
    guard: (value, x) => guard('Real', value, tf.sum(tf.abs(x), -1)),
    settle: x => settle('Real', x),
  },
);

export const positiveVector = ofVectors(
  'positiveVector',
  '> 0 along the last axis',
  v => v.every(a => a > 0 && a < Infinity),
  x => tf.all(tf.logicalAnd(tf.greater(x, 0), tf.isFinite(x)), -1),
  fixed(0, Infinity),
);

/** The diagonals of the matrices in the two last axes. */
function diagonal(x: tf.Tensor): tf.Tensor {
  const n = x.shape[x.rank - 1]!;
  return tf.sum(tf.mul(x, tf.eye(n)), -1);
}

/** Whether the matrices are 0 above their diagonals, and > 0 on them. */
const isLowerTriangularPositive: Contains = x => {
  const n = x.shape[x.rank - 1]!;
  const column = tf.range(0, n);
  const upper = tf.cast(tf.less(tf.expandDims(column, -1), column), 'float32');
  const zeros = tf.all(tf.equal(tf.mul(x, upper), 0), [x.rank - 2, x.rank - 1]);
  return tf.logicalAnd(zeros, tf.all(tf.greater(diagonal(x), 0), -1));
};

export const lowerTriangularPositive = refined(
  ofMatrices(
    'lowerTriangularPositive',
    'a square lower triangular matrix with a diagonal > 0',
    rows => rows.every((row, i) => row.every((a, j) => j < i || (j === i ? a > 0 : a === 0))),
    isLowerTriangularPositive,
  ),
  {
    settle: x =>
      select(tf.expandDims(tf.expandDims(isLowerTriangularPositive(x), -1), -1), x, tf.eye(x.shape[x.rank - 1]!)),
  },
);

/** What is checked of a tensor is symmetry and a positive diagonal; the factorisation finds the rest. */
export const positiveDefinite = ofMatrices(
  'positiveDefinite',
  'a symmetric positive definite matrix',
  rows =>
    rows.every((row, i) => row.every((a, j) => Math.abs(a - rows[j]![i]!) <= 1e-5 * Math.abs(a))) &&
    hasCholeskyFactor(rows),
  x => {
    const axes = [...Array.from({length: x.rank - 2}, (_, i) => i), x.rank - 1, x.rank - 2];
    const error = tf.abs(tf.sub(x, tf.transpose(x, axes)));
    const symmetric = tf.all(tf.lessEqual(error, tf.mul(tf.abs(x), 1e-5)), [x.rank - 2, x.rank - 1]);
    return tf.logicalAnd(symmetric, tf.all(tf.greater(diagonal(x), 0), -1));
  },
);

function hasCholeskyFactor(rows: readonly number[][]): boolean {
  const n = rows.length;
  return choleskyFactor(rows.flat(), new Float32Array(n * n), 0, n, new Float64Array(n * n)) === null;
}

/** Throws `who: what must be …, got … at […]` at the first element of `values` that breaks the constraint. */
export function validate(
  who: string,
  what: string,
  constraint: Constraint,
  values: ArrayLike<number>,
  shape: readonly number[],
): void {
  const split = shape.length - constraint.eventRank;
  const [outer, event] = [shape.slice(0, split), shape.slice(split)];
  const width = sizeOf(event);
  const rows = sizeOf(outer);
  for (let i = 0; i < rows; i++) {
    const value =
      constraint.eventRank === 0 ? values[i]! : Array.from({length: width}, (_, j) => values[i * width + j]!);
    if (constraint.check(value, event)) continue;
    const rule = typeof value === 'number' && !Number.isFinite(value) ? 'finite' : constraint.rule;
    fail(who, `${what} must be ${rule}, got ${describe(value)}${placeOf(i, outer)}`);
  }
}
