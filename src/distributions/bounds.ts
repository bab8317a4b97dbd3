/** Supports whose ends are parameters. */
import * as tf from '@tensorflow/tfjs-core';
import {guardBetween} from '../math/guards.js';
import {detach} from '../math/stopGradient.js';
import {real, type Constraint} from './constraints.js';
import {toTensor, type Param} from './parameters.js';

/** The largest float32: an open end leaves infinity out. */
const LARGEST = 3.4028234663852886e38;

/** The finite numbers from the parameter `low` to the parameter `high`, each by name; without one, that side is open. */
export function bounded(low: readonly [name: string, value: Param], high?: readonly [name: string, value: Param]): Constraint {
  const shown = ([name, value]: readonly [string, Param]) => (typeof value === 'number' ? String(value) : name);
  const rule = high === undefined ? `>= ${shown(low)}` : `in [${shown(low)}, ${shown(high)}]`;
  const lower = low[1];
  const upper = high?.[1] ?? LARGEST;
  const end = (value: Param) => (typeof value === 'number' ? value : detach(toTensor(value)));
  return {
    ...real,
    name: 'bounded',
    rule,
    check: v => real.check(v) && !(typeof lower === 'number' && Number(v) < lower) && !(typeof upper === 'number' && Number(v) > upper),
    contains: x => tf.tidy(() => tf.logicalAnd(tf.greaterEqual(x, end(lower)), tf.lessEqual(x, end(upper)))),
    guard: (value, x) => tf.tidy(() => guardBetween(value, x, end(lower), end(upper))),
  };
}
