/** Checking what a user gives against a constraint. */
import * as tf from '@tensorflow/tfjs-core';
import {check, describe, fail} from '../util/errors.js';
import {indexer} from '../util/indexer.js';
import {floatTensor, placeOf, readNumbers, type Numbers, type ReadNumbers} from '../util/numbers.js';
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
 * @param given what the values were before they were rounded to float32: a number that breaks it already is shown as it was
 */
export function validate(
  who: string,
  what: string,
  constraint: Constraint,
  values: ArrayLike<number>,
  shape: readonly number[],
  given?: unknown,
): void {
  const split = shape.length - constraint.eventRank;
  const [outer, event] = [shape.slice(0, split), shape.slice(split)];
  const width = sizeOf(event);
  const rows = sizeOf(outer);
  for (let i = 0; i < rows; i++) {
    const value =
      constraint.eventRank === 0 ? values[i]! : Array.from({length: width}, (_, j) => values[i * width + j]!);
    if (constraint.check(value, event)) continue;
    const shown = typeof given === 'number' && !constraint.check(given) ? given : value;
    fail(who, `${what} must be ${ruleFor(constraint, value)}, got ${describe(shown)}${placeOf(i, outer)}`);
  }
}

/** What to say to a value: "finite" to NaN and infinities, where the constraint knows none. */
function ruleFor(constraint: Constraint, value: unknown): string {
  const isInfinite = typeof value === 'number' && !Number.isFinite(value);
  return isInfinite && ![Infinity, -Infinity].some(v => constraint.check(v)) ? 'finite' : constraint.rule;
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
