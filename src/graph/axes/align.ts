/**
 * Costs in the shape of a node's draws, and what belongs to draws in the shape of a cost: both follow axes, never
 * sizes.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, type Shape} from '../../util/shapes.js';
import {grow} from '../../math/grow.js';
import {EVERY, isEvery, isShifted, whole, type Axes, type Factor} from './factors.js';

/**
 * How many draws bear on each element of the cost together: the product of the axes, or parts of axes, that bear on
 * everything.
 */
export function multiplicity(axes: Axes): number {
  return axes.flat().reduce((n, {size, along}) => (along === EVERY ? n * size : n), 1);
}

/**
 * A cost as the cost of each draw: the mean over the axes that no axis of the draws is, so that it broadcasts to
 * `shape`, the draws' shape. What is left of an axis of which every draw bears on the cost is size 1.
 */
export function costOfDraws(shape: Shape, axes: Axes, cost: tf.Tensor): tf.Tensor {
  return toDraws(shape, axes, cost, tf.mean);
}

/** As `costOfDraws`, with sums: of log-probabilities along what `cost` has and the draws have not. */
export function sumForDraws(shape: Shape, axes: Axes, cost: tf.Tensor): tf.Tensor {
  return toDraws(shape, axes, cost, tf.sum);
}

/** The cost with its axes cut or padded to those of the draws that are shifted against them. */
function fitted(axes: Axes, cost: tf.Tensor): {axes: Axes; cost: tf.Tensor} {
  let x = cost;
  const straight = axes.map(axis => {
    if (!isShifted(axis)) return axis;
    const {size, along, of, shift} = axis[0]!;
    const at = x.rank - 1 - along;
    const [begin, end] = [Math.max(0, shift!), Math.min(of, shift! + size)];
    const part = tf.slice(
      x,
      x.shape.map((_, i) => (i === at ? begin : 0)),
      x.shape.map((n, i) => (i === at ? end - begin : n)),
    );
    x = tf.pad(
      part,
      x.shape.map((_, i): [number, number] => (i === at ? [begin - shift!, shift! + size - end] : [0, 0])),
    );
    return whole(size, along);
  });
  return {axes: straight, cost: x};
}

function toDraws(shape: Shape, given: Axes, cost: tf.Tensor, reduce: Reduce): tf.Tensor {
  if (!given.some(isShifted)) return toPlainDraws(shape, given, cost, reduce);
  const {axes, cost: part} = fitted(given, cost);
  const draws = toPlainDraws(shape, axes, part, reduce);
  if (reduce === tf.sum) return draws;
  const ratio = given
    .filter(isShifted)
    .flat()
    .reduce((r, {size, of}) => (r * size) / of, 1); // the mean over the draws is of more or fewer elements
  return ratio === 1 ? draws : tf.mul(draws, ratio);
}

type Reduce = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor;

function toPlainDraws(shape: Shape, axes: Axes, cost: tf.Tensor, reduce: Reduce): tf.Tensor {
  const {rank} = cost;
  const simple = simplePlaces(axes, cost.shape);
  if (simple !== null) {
    const kept = simple.filter(at => at >= 0);
    const unkept = cost.shape.flatMap((n, at) => (n > 1 && !kept.includes(at) ? [at] : []));
    const stays = simple.every((at, i) => at < 0 || rank - at === shape.length - i);
    if (stays) {
      const extra = Math.max(0, rank - shape.length);
      const outer = unkept.filter(at => at < extra);
      const inner = unkept.filter(at => at >= extra);
      const x = inner.length > 0 ? reduce(cost, inner, true) : cost;
      const y = outer.length > 0 ? reduce(x, outer, true) : x;
      return extra > 0 ? tf.reshape(y, y.shape.slice(extra)) : y;
    }
  }
  const plan = planOf(axes, cost.shape);
  const split = tf.reshape(
    cost,
    plan.parts.map(({size}) => size),
  );
  const unused = plan.parts.flatMap(({factor}, i) => (factor === null ? [i] : []));
  const left = plan.parts.filter(({factor}) => factor !== null).map(({factor}) => factor!);
  const reduced = unused.length > 0 ? reduce(split, unused) : split;
  const wanted = axes.flat();
  const order = wanted.filter(({along}) => along !== EVERY).map(factor => left.indexOf(factor));
  const turned = order.every((from, to) => from === to) ? reduced : tf.transpose(reduced, order);
  const withOnes = tf.reshape(
    turned,
    wanted.map(({size, along}) => (along === EVERY ? 1 : size)),
  );
  // part of an axis cannot be of size 1
  const mixed = axes.some(axis => isEvery(axis) && axis.some(({along}) => along !== EVERY));
  const whole = mixed
    ? tf.broadcastTo(
        withOnes,
        wanted.map(({size}) => size),
      )
    : withOnes;
  return tf.reshape(
    whole,
    axes.map((axis, i) => (!mixed && isEvery(axis) ? 1 : shape[i]!)),
  );
}

/**
 * What belongs to each draw, of a shape that broadcasts to `shape`, so that it broadcasts to `cost`: the sum over draws
 * that bear on the same element of the cost.
 */
export function drawsForCost(shape: Shape, given: Axes, x: tf.Tensor, cost: Shape): tf.Tensor {
  const {axes, shape: heads, x: full} = cutToCost(shape, given, sameShape(x.shape, shape) ? x : grow(x, shape));
  return plainForCost(heads, axes, full, cost);
}

/** The draws on shifted axes cut and padded to the axes of the cost: what lies beside bears on nothing. */
function cutToCost(shape: Shape, given: Axes, full: tf.Tensor): {axes: Axes; shape: Shape; x: tf.Tensor} {
  if (!given.some(isShifted)) return {axes: given, shape, x: full};
  let x = full;
  const axes = given.map((axis, at) => {
    if (!isShifted(axis)) return axis;
    const {size, along, of, shift} = axis[0]!;
    const [begin, end] = [Math.max(0, -shift!), Math.min(size, of - shift!)];
    const part = tf.slice(
      x,
      x.shape.map((_, i) => (i === at ? begin : 0)),
      x.shape.map((n, i) => (i === at ? end - begin : n)),
    );
    x = tf.pad(
      part,
      x.shape.map((_, i): [number, number] => (i === at ? [begin + shift!, of - shift! - end] : [0, 0])),
    );
    return whole(of, along);
  });
  return {axes, shape: x.shape, x};
}

function plainForCost(shape: Shape, axes: Axes, full: tf.Tensor, cost: Shape): tf.Tensor {
  const simple = simplePlaces(axes, cost);
  if (simple !== null && simple.every((at, i) => at < 0 || cost.length - at === shape.length - i)) {
    const summed = shape.flatMap((n, i) => (n > 1 && simple[i]! < 0 ? [i] : []));
    const y = summed.length > 0 ? tf.sum(full, summed, true) : full;
    const extra = Math.max(0, y.rank - cost.length);
    return extra > 0 ? tf.reshape(y, y.shape.slice(extra)) : y;
  }
  const plan = planOf(axes, cost);
  const wanted = axes.flat();
  const split = tf.reshape(
    full,
    wanted.map(({size}) => size),
  );
  const every = wanted.flatMap(({along}, i) => (along === EVERY ? [i] : []));
  const left = wanted.filter(({along}) => along !== EVERY);
  const summed = every.length > 0 ? tf.sum(split, every) : split;
  const order = plan.parts.filter(({factor}) => factor !== null).map(({factor}) => left.indexOf(factor!));
  const turned = order.every((from, to) => from === to) ? summed : tf.transpose(summed, order);
  const withOnes = tf.reshape(
    turned,
    plan.parts.map(({size, factor}) => (factor === null ? 1 : size)),
  );
  const cut = plan.perAxis.some(
    parts => parts.some(({factor}) => factor === null) && parts.some(({factor}) => factor !== null),
  );
  const whole = cut
    ? tf.broadcastTo(
        withOnes,
        plan.parts.map(({size}) => size),
      )
    : withOnes;
  return tf.reshape(
    whole,
    plan.perAxis.map((parts, i) => (cut || parts.every(({factor}) => factor !== null) ? cost[i]! : 1)),
  );
}

/**
 * For each axis of the draws the axis of the cost that it is, −1 where there is none; null where axes are parts of
 * others, or two the same.
 */
function simplePlaces(axes: Axes, cost: Shape): number[] | null {
  const places: number[] = [];
  for (const axis of axes) {
    const [factor] = axis;
    if (factor === undefined || (axis.length === 1 && factor.along === EVERY)) {
      places.push(-1);
      continue;
    }
    const at = cost.length - 1 - factor.along;
    if (axis.length > 1 || factor.step !== 1 || cost[at] !== factor.size || places.includes(at)) return null;
    places.push(at);
  }
  return places;
}

/** A part of an axis of the cost. */
interface AxisPart {
  readonly size: number;
  /** The factor of the draws that it is; null where it is none. */
  readonly factor: Factor | null;
}

/** The cost's axes cut where factors of the draws begin and end. */
function planOf(axes: Axes, cost: Shape): {parts: AxisPart[]; perAxis: AxisPart[][]} {
  const perAxis = cost.map((n, at) => {
    const along = cost.length - 1 - at;
    const own = axes
      .flat()
      .filter(factor => factor.along === along)
      .sort((a, b) => a.step - b.step);
    const parts: AxisPart[] = [];
    let passed = 1;
    for (const factor of own) {
      if (factor.step > passed) parts.unshift({size: factor.step / passed, factor: null});
      parts.unshift({size: factor.size, factor});
      passed = factor.step * factor.size;
    }
    if (n > passed) parts.unshift({size: n / passed, factor: null});
    return parts;
  });
  return {parts: perAxis.flat(), perAxis};
}

/**
 * Whether the factors of the draws fit into the cost's axes side by side; else nothing but the sum of all can be told.
 */
export function fitsCost(axes: Axes, cost: Shape): boolean {
  return cost.every((n, at) => {
    const own = axes
      .flat()
      .filter(({along}) => along === cost.length - 1 - at)
      .sort((a, b) => a.step - b.step);
    if (own.some(({shift}) => shift !== null))
      return own.length === 1 && own[0]!.shift! < n && own[0]!.shift! + own[0]!.size > 0;
    let passed = 1;
    return own.every(({size, step}) => {
      const fits = step % passed === 0 && n % (step * size) === 0;
      passed = step * size;
      return fits;
    });
  });
}
