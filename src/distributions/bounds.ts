/** Supports whose ends are parameters. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import {placeOf} from '../util/numbers.js';
import {broadcastShapes, type Shape} from '../util/shapes.js';
import {isTensor} from '../util/tensors.js';
import {guardBetween, settleBetween} from '../functions/guards/index.js';
import {detach} from '../math/stopGradient.js';
import {real, type Constraint} from './constraints.js';
import {endOf} from './ends.js';
import {readNumbers, toTensor, type Param} from './parameters.js';

/** The largest float32: an open end leaves infinity out. */
const LARGEST = 3.4028234663852886e38;

/**
 * The finite numbers from the parameter `low` to the parameter `high`, each by name; without one, that side is open.
 */
export function bounded(
  low: readonly [name: string, value: Param],
  high?: readonly [name: string, value: Param],
): Constraint {
  const shown = ([name, value]: readonly [string, Param]) => (typeof value === 'number' ? String(value) : name);
  const rule = high === undefined ? `>= ${shown(low)}` : `in [${shown(low)}, ${shown(high)}]`;
  const lower = low[1];
  const upper = high?.[1] ?? LARGEST;
  const [least, greatest] = [lower, upper].map(v => (typeof v === 'number' ? v : NaN)) as [number, number]; // two
  const end = (value: Param) => (typeof value === 'number' ? value : detach(toTensor(value)));
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
export function checkOrder(who: string, parameters: Readonly<Record<string, Param>>, readTensors: boolean): void {
  const {low, high} = parameters as {low: Param; high: Param}; // the base class has shown that both are given
  if (!readTensors && (isTensor(low) || isTensor(high))) return;
  const [lows, highs] = [readNumbers(who, 'low', low), readNumbers(who, 'high', high)];
  const shape = broadcastShapes(who, [lows.shape, highs.shape]);
  const size = shape.reduce((a, b) => a * b, 1);
  for (let i = 0; i < size; i++) {
    // a pair stays a pair
    const [l, h] = [lows, highs].map(p => p.values[flatIndex(i, shape, p.shape)]!) as [number, number];
    if (!(l < h)) fail(who, `high must be > low, got low ${l} and high ${h}${placeOf(i, shape)}`);
  }
}

/** The flat index in a tensor of shape `own` of the element that broadcasting puts at flat index `i` of `shape`. */
function flatIndex(i: number, shape: Shape, own: Shape): number {
  let index = 0;
  let stride = 1;
  for (let axis = shape.length - 1, at = own.length - 1; at >= 0; axis--, at--) {
    if (own[at] !== 1) index += (i % shape[axis]!) * stride;
    stride *= own[at]!;
    i = Math.floor(i / shape[axis]!);
  }
  return index;
}
