/** Checking what a user gives against a constraint. */
import * as tf from '@tensorflow/tfjs-core';
import {check, describe, fail} from '../util/errors.js';
import {indexer} from '../util/indexer.js';
import {floatTensor, placeOf, readNumbers, unroundedNumbers, type Numbers, type ReadNumbers} from '../util/numbers.js';
import {broadcastShapes, sizeOf, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import type {Constraint} from './constraint.js';

/**
 * Throws unless `value`, of `shape`, has the axes of one value of the constraint, and none of them is empty. Samplers
 * give numbers along a last axis, each of which obeys by itself: then `eventRank` is more than the constraint's.
 */
export function checkAxes(
  who: string,
  name: string,
  value: Numbers,
  shape: readonly number[],
  {anyShape = false}: Constraint,
  eventRank: number,
): void {
  if (eventRank === 0) return;
  const [rows, columns] = [shape[shape.length - 2], shape[shape.length - 1]];
  const axes = eventRank === 1 ? '1 axis' : `${eventRank} axes`;
  check(shape.length >= eventRank, who, `${name} must have at least ${axes}`, value);
  check(columns! > 0, who, `${name} must have at least one element along the last axis`, value);
  check(eventRank < 2 || anyShape || rows === columns, who, `${name} must be square in its last two axes`, value);
}

/** Throws at the first element of numbers that breaks the constraint; tensors are read only with `readTensors`. */
export function checkElements(
  who: string,
  name: string,
  value: Numbers,
  constraint: Constraint,
  readTensors: boolean,
): void {
  // what distributions are mostly made of, in each step
  if (typeof value === 'number' && constraint.eventRank === 0 && constraint.check(Math.fround(value))) return;
  if (isTensor(value) && !readTensors) return;
  const {values, shape} = readNumbers(who, name, value);
  validate(who, name, constraint, values, shape, value);
}

/**
 * Throws `who: what must be …, got … at […]` at the first element of `values` that breaks the constraint.
 * @param given the same numbers before they were rounded to float32, for the message: an array, or one number
 */
export function validate(
  who: string,
  what: string,
  constraint: Constraint,
  values: ArrayLike<number>,
  shape: readonly number[],
  given?: Numbers,
): void {
  const split = shape.length - constraint.eventRank;
  const [outer, event] = [shape.slice(0, split), shape.slice(split)];
  const width = sizeOf(event);
  const rows = sizeOf(outer);
  const valueOf = (all: ArrayLike<number>, i: number) =>
    constraint.eventRank === 0 ? all[i]! : Array.from({length: width}, (_, j) => all[i * width + j]!);
  for (let i = 0; i < rows; i++) {
    const value = valueOf(values, i);
    if (constraint.check(value, event)) continue;
    const exact = given === undefined || isTensor(given) ? value : valueOf(unroundedNumbers(given), i);
    fail(
      who,
      `${what} must be ${ruleFor(constraint, value, exact, event)}, got ${describe(exact)}${placeOf(i, outer)}`,
    );
  }
}

/**
 * What to say of a value that was `exact` and became `rounded` in float32: "finite" of infinities and NaN where the
 * constraint knows none, and that it is float32 that matters where the value itself would do.
 */
function ruleFor(
  constraint: Constraint,
  rounded: number | number[],
  exact: number | number[],
  event: readonly number[],
): string {
  const isSpoilt = constraint.check(exact, event);
  const isInfinite = [isSpoilt ? rounded : exact].flat().some(v => !Number.isFinite(v));
  const knows = constraint.eventRank === 0 ? [Infinity, -Infinity].some(v => constraint.check(v)) : !isSpoilt;
  const rule = isInfinite && !knows ? 'finite' : constraint.rule;
  return isSpoilt ? `${rule} in float32` : rule;
}

/** Of an option that is a number. */
interface NumberRule {
  /** What else the option may be, which the caller has seen that it is not: `a function of the step`. */
  readonly or?: string;
  /** The number stays in double precision, and so need not be one of float32. */
  readonly isDouble?: boolean;
}

/**
 * Throws `who: name must be …, got …` unless the option `value` is a number that obeys, also when it is rounded to
 * float32, as it is in tensors.
 */
export function checkNumber(
  who: string,
  name: string,
  value: unknown,
  constraint: Constraint,
  {or, isDouble = false}: NumberRule = {},
): asserts value is number {
  const isNumber = typeof value === 'number' && constraint.check(value);
  if (isNumber && (isDouble || constraint.check(Math.fround(value)))) return;
  const rule = `${sentence(constraint)}${isNumber ? ' in float32' : ''}${or === undefined ? '' : `, or ${or}`}`;
  fail(who, `${name} must be ${rule}`, value);
}

/** `a finite number > 0`, `a number in [0, 1]`, or the rule itself where it says what the numbers are. */
function sentence(constraint: Constraint): string {
  if (constraint.rule.startsWith('a ')) return constraint.rule;
  const isBounded = constraint.ends?.every(({at}) => Number.isFinite(at)) ?? false;
  return `a ${isBounded ? '' : 'finite '}number ${constraint.rule}`;
}

/** Throws at the first value outside the constraint; reads the device. */
export function checkInside(who: string, what: string, value: Numbers, constraint: Constraint): void {
  const [inside, values] = tf.tidy(() => {
    const x = floatTensor(who, what, value);
    const inside = constraint.contains(x);
    const event = constraint.eventRank === 0 ? [] : x.shape.slice(x.rank - constraint.eventRank);
    return [inside, tf.broadcastTo(x, [...inside.shape, ...event])] as const;
  });
  const [ok, all] = [inside.dataSync(), values.dataSync()];
  const at = ok.indexOf(0);
  const width = values.size / inside.size;
  const bad = Array.from(all.slice(at * width, (at + 1) * width));
  const place = placeOf(at, inside.shape);
  tf.dispose([inside, values]);
  if (at >= 0)
    fail(who, `${what} must be ${constraint.rule}, got ${describe(constraint.eventRank === 0 ? bad[0] : bad)}${place}`);
}

/** Numbers of two parameters that meet, and where, as in ` at [1,3]`. */
export interface OffendingPair {
  readonly values: readonly [number, number];
  readonly place: string;
}

/** The first pair, of two that broadcast, for which `holds` does not; null if there is none. */
export function firstPairBreaking(
  who: string,
  a: ReadNumbers,
  b: ReadNumbers,
  holds: (a: number, b: number) => boolean,
): OffendingPair | null {
  const shape: Shape = broadcastShapes(who, [a.shape, b.shape]);
  const [atA, atB] = [indexer(a.shape, shape), indexer(b.shape, shape)];
  for (let i = 0; i < sizeOf(shape); i++) {
    const values = [a.values[atA(i)]!, b.values[atB(i)]!] as const;
    if (!holds(...values)) return {values, place: placeOf(i, shape)};
  }
  return null;
}

/** Throws at the first place where low is not below high; both broadcast. */
export function checkOrder(who: string, low: ReadNumbers, high: ReadNumbers): void {
  const bad = firstPairBreaking(who, low, high, (least, most) => least < most);
  if (bad !== null) fail(who, `high must be > low, got low ${bad.values[0]} and high ${bad.values[1]}${bad.place}`);
}
