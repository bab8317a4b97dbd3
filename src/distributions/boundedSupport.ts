/** Supports whose ends are parameters. */
import * as tf from '@tensorflow/tfjs-core';
import {checkOrder} from '../constraints/check.js';
import {endOf} from '../constraints/ends.js';
import type {Constraint} from '../constraints/constraint.js';
import {real} from '../constraints/numberSets.js';
import {floatTensor, readNumbers, type Numbers} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';
import {guardBetween, settleBetween} from '../functions/guards/index.js';
import {detach} from '../math/stopGradient.js';

/** The largest float32: an open end leaves infinity out. */
const LARGEST = 3.4028234663852886e38;

/**
 * The finite numbers from the parameter `low` to the parameter `high`, each by name; without one, that side is open.
 */
export function bounded(
  low: readonly [name: string, value: Numbers],
  high?: readonly [name: string, value: Numbers],
): Constraint {
  const shown = ([name, value]: readonly [string, Numbers]) => (typeof value === 'number' ? String(value) : name);
  const rule = high === undefined ? `>= ${shown(low)}` : `in [${shown(low)}, ${shown(high)}]`;
  const lower = low[1];
  const upper = high?.[1] ?? LARGEST;
  const [least, greatest] = [lower, upper].map(v => (typeof v === 'number' ? v : NaN)) as [number, number]; // two
  const end = (value: Numbers) =>
    typeof value === 'number' ? value : detach(floatTensor('distribution', 'an end', value));
  return {
    ...real,
    name: 'bounded',
    rule,
    check: v => real.check(v) && !(Number(v) < least) && !(Number(v) > greatest),
    contains: x => tf.tidy(() => tf.logicalAnd(tf.greaterEqual(x, end(lower)), tf.lessEqual(x, end(upper)))),
    ends: [endOf(lower), endOf(high?.[1] ?? Infinity)],
    guard: (value, x) => tf.tidy(() => guardBetween(value, x, end(lower), end(upper))),
    settle: x => tf.tidy(() => settleBetween(x, end(lower), end(upper))),
  };
}

/** Throws at the first place where the parameter low is not below high; tensors are read only with `readTensors`. */
export function checkBounds(who: string, parameters: Readonly<Record<string, Numbers>>, readTensors: boolean): void {
  const {low, high} = parameters as {low: Numbers; high: Numbers}; // the base class has shown that both are given
  if (!readTensors && (isTensor(low) || isTensor(high))) return;
  checkOrder(who, readNumbers(who, 'low', low), readNumbers(who, 'high', high));
}
