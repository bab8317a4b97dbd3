/** What a node's draws are credited with: the costs downstream of it, each brought to the draws that bear on it. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type Shape} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {detach} from '../math/stopGradient.js';
import {attach} from './attach.js';
import {costOfDraws, fitsCost, multiplicity} from './axes/align.js';
import {
  EVERY,
  every,
  everywhere,
  isEvery,
  lengthOf,
  pinsOf,
  type Axes,
  type Axis,
  type Factor,
} from './axes/factors.js';
import type {Reach} from './axes/reach.js';
import type {Influenced} from './influence.js';
import type {NodeCost} from './nodeView.js';
import type {NodeLink} from './nodeLink.js';

/** Costs that the draws of a node meet by the same axes: their sum. */
export interface CreditPart {
  /** Of the node's sample and batch axes. */
  readonly axes: Axes;
  readonly cost: tf.Tensor;
}

/** An axis of a cost, of length `of`, along which draws bear on `count` elements from the element `at` on alone. */
export interface Pin {
  readonly axis: number;
  readonly at: number;
  readonly count: number;
  readonly of: number;
}

/** Where costs were stacked: at which indices of the stack the draws of a node bear on them, if not at all. */
export function stackedAt({node}: Pick<NodeLink, 'node'>, axes: Axes, cost: Shape): Pin[] {
  const own = axes.slice(0, node.value.rank).flat();
  return pinsOf(axes.slice(node.value.rank)).flatMap(([factor]) => {
    const {along, of, shift, step: count} = factor!; // a pin has one factor
    if (own.some(other => other.along === along)) return []; // that axis says where
    const axis = cost.length - 1 - along;
    const isInside = shift !== null && shift >= 0 && shift + count <= of && count < of;
    return isInside && cost[axis] === of ? [{axis, at: shift, count, of}] : [];
  });
}

/** The elements of a cost at those indices. */
export function sliceAt(cost: tf.Tensor, {axis, at, count}: Pin): tf.Tensor {
  const only = (own: number, others: (n: number) => number): number[] =>
    cost.shape.map((n, i) => (i === axis ? own : others(n)));
  return tf.slice(
    cost,
    only(at, () => 0),
    only(count, n => n),
  );
}

/**
 * What a cost is to the draws of a node: of costs that were stacked those that the draws bear on, over the number of
 * all.
 */
export function creditPart(link: Pick<NodeLink, 'shape' | 'node'>, axes: Axes, cost: tf.Tensor): CreditPart {
  const own = stackedAt(link, axes, cost.shape).reduce((x, pin) => tf.mul(sliceAt(x, pin), pin.count / pin.of), cost);
  return {axes: headAxes(link, axes, own.shape), cost: own};
}

/** The axes of the node's draws, without those of an event, in a cost of that shape. */
export function headAxes({shape}: Pick<NodeLink, 'shape'>, axes: Axes, cost: Shape): Axes {
  // of several elements in a row only the credit knows, which takes them out of the cost
  const heads = axes.slice(0, shape.length).map(axis => (axis[0]?.size === 1 && axis[0].step > 1 ? every(1) : axis));
  return fitsCost(heads, cost) ? heads : everywhere(shape);
}

/**
 * A cost of the node's draws: a tensor Q that broadcasts to the node's shape W, such that the mean over W of Q·log p
 * has the gradient of the cost's mean.
 *
 * Along axes that the cost has and the node has not, the same draw serves all elements: the mean. Along an axis of the
 * node that is none of the cost's, every draw bears on the cost, so their log-probabilities add up, which in a mean
 * over W is a factor of that axis's size.
 */
export function alignCost(shape: Shape, {axes, cost}: CreditPart): tf.Tensor {
  const aligned = costOfDraws(shape, axes, cost);
  const factor = multiplicity(axes);
  return factor === 1 ? aligned : tf.mul(aligned, factor);
}

/** The sum of what the parts cost each draw. */
export function alignCosts(shape: Shape, parts: readonly CreditPart[]): tf.Tensor {
  return parts.map(part => alignCost(shape, part)).reduce((a, b) => tf.add(a, b));
}

/**
 * As `alignCosts`, but in derivatives of the sum over `shape` each cost counts once, however many draws bear on it
 * together: the cost as a function of all of them.
 */
export function alignCostsOnce(shape: Shape, parts: readonly CreditPart[]): tf.Tensor {
  return parts
    .map(({axes, cost}) => {
      const aligned = costOfDraws(shape, axes, cost);
      const factor = multiplicity(axes);
      return factor === 1 ? aligned : grow(attach(tf.mul(detach(aligned), factor), aligned), shape);
    })
    .reduce((a, b) => tf.add(a, b));
}

/** The sum over the draws of what the parts cost, each part once: by its mean. */
export function sumOverDraws(shape: Shape, parts: readonly CreditPart[]): tf.Tensor {
  return tf.mul(
    parts.map(({cost}) => tf.mean(cost)).reduce((a, b) => tf.add(a, b)),
    sizeOf(shape),
  );
}

/**
 * Whether each element of the cost belongs to one index of the node's leading axis. Of an axis of size 1 only the rank
 * tells.
 */
export function keepsLeading(shape: Shape, {axes, cost}: CreditPart): boolean {
  return shape[0] === 1 ? cost.rank >= shape.length : shape.length > 0 && !isEvery(axes[0]!);
}

/** The cost of a node from its parts. */
export function nodeCost(shape: Shape, parts: readonly CreditPart[]): NodeCost {
  const total = alignCosts(shape, parts);
  return {total, perSample: parts.every(part => keepsLeading(shape, part)) ? total : null};
}

/**
 * What a tensor of the draws of one node is to the draws of another, by a cost downstream of both: axes of the first,
 * in a tensor of the shape of the second.
 */
export function relativeAxes(axes: Axes, other: Axes): Axes {
  const places = new Map<string, Factor>();
  other.forEach((axis, i) => {
    let step = 1;
    for (const factor of [...axis].reverse()) {
      if (factor.along !== EVERY)
        places.set(keyOf(factor), {
          size: factor.size,
          along: other.length - 1 - i,
          step,
          of: lengthOf(axis),
          shift: null,
        });
      step *= factor.size;
    }
  });
  return axes.map((axis): Axis => axis.flatMap(factor => places.get(keyOf(factor)) ?? every(factor.size)));
}

function keyOf({size, along, step, shift}: Factor): string {
  return `${size},${along},${step},${shift}`;
}

/** The axes of the draws of two nodes in a cost that both bear on; null where there is none. */
export function sharedAxes(a: Influenced, b: Influenced): [Axes, Axes] | null {
  const shared = sharedReaches(a, b);
  return shared && headsOf(shared, a, b);
}

/** The axes of their draws. */
export function headsOf([one, two]: readonly [Reach, Reach], a: Influenced, b: Influenced): [Axes, Axes] {
  return [one.axes.slice(0, a.link.shape.length), two.axes.slice(0, b.link.shape.length)];
}

/** The ways in which two nodes bear on a cost that both do; null where there is none. */
export function sharedReaches(a: Influenced, b: Influenced): [Reach, Reach] | null {
  for (const one of a.reaches) {
    for (const two of b.reaches) {
      if (one.costs.intersects(two.costs)) return [one, two];
    }
  }
  return null;
}
