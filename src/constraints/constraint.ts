/** What a constraint is: a set of numbers, vectors or matrices as data. */
import * as tf from '@tensorflow/tfjs-core';
import {guard, indicator, settle, type GuardSet} from '../functions/guards/index.js';
import {checkTensor, floatTensor} from '../util/numbers.js';
import {isListOf, isNumericArray, isTensor} from '../util/tensors.js';
import {fixed, type Bounds} from './ends.js';

/**
 * A set of numbers, vectors or matrices as data: what a parameter may be, or where a distribution has its mass. Those
 * of `st.constraints` serve most; one of your own needs `name`, `rule`, `eventRank`, `check` and `contains`.
 */
export interface Constraint extends Bounds {
  /** For whoever asks which set it is; `rule` is what messages say. */
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

/** What every kind is made of: how it is called, and what it does otherwise than its kind. */
interface Spec extends Partial<Pick<Constraint, 'guard' | 'settle'>> {
  readonly name: string;
  readonly rule: string;
  /** Of an interval, where it ends. */
  readonly ends?: readonly [low: number, high: number];
}

type Contains = Constraint['contains'];

/** What all kinds have; its functions of tensors are given tensors of real numbers, whatever users give. */
function base({name, rule, ends, guard, settle}: Spec, contains: Contains): Omit<Constraint, 'check' | 'eventRank'> {
  const on = (method: string, f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor => {
    const who = `constraints.${name}.${method}`;
    return isTensor(x) ? f(checkTensor(who, 'x', x)) : tf.tidy(() => f(floatTensor(who, 'x', x)));
  };
  return {
    name,
    rule,
    contains: x => on('contains', contains, x),
    ends: ends && fixed(...ends),
    ...(guard === undefined ? {} : {guard: (value, x) => on('guard', known => guard(value, known), x)}),
    ...(settle === undefined ? {} : {settle: x => on('settle', settle, x)}),
  };
}

/** The numbers, finite or not, for which `test` holds. */
export function ofNumbers(spec: Spec & {test: (v: number) => boolean; contains: Contains}): Constraint {
  const {test, contains} = spec;
  return {...base(spec, contains), eventRank: 0, check: v => typeof v === 'number' && test(v)};
}

/** The numbers of a set that kernels know. */
export function ofSet(set: GuardSet, spec: Spec): Constraint {
  return ofNumbers({
    test: set.test,
    contains: x => tf.tidy(() => tf.equal(indicator(set, x), 1)),
    guard: (value, x) => guard(set, value, x),
    settle: x => settle(set, x),
    ...spec,
  });
}

const isNumbers = (v: number | ArrayLike<number>): v is ArrayLike<number> =>
  isNumericArray(v) || isListOf(v, (x): x is number => typeof x === 'number');

/** Vectors along the last axis. */
export function ofVectors(spec: Spec & {test: (v: number[]) => boolean; contains: Contains}): Constraint {
  const {test, contains} = spec;
  return {...base(spec, contains), eventRank: 1, check: v => isNumbers(v) && test(Array.from(v))};
}

/** Square matrices of finite numbers in the two last axes; `test` gets the rows. */
export function ofMatrices(spec: Spec & {test: (rows: number[][]) => boolean; contains: Contains}): Constraint {
  const {test, contains} = spec;
  return {
    ...base(spec, contains),
    eventRank: 2,
    check: (v, shape = []) => {
      const [rows, columns] = shape;
      if (!isNumbers(v) || rows === undefined || rows !== columns) return false;
      const all = Array.from(v);
      return (
        all.every(Number.isFinite) && test(Array.from({length: rows}, (_, i) => all.slice(i * rows, (i + 1) * rows)))
      );
    },
  };
}
