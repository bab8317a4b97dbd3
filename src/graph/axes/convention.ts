/** The axes of a cost where only its shape tells: a reward from outside, a number given to one node. */
import {sizeOf, type Shape} from '../../util/shapes.js';
import type {StochasticTensor} from '../stochasticTensor.js';
import {every, everywhere, whole, type Axes, type Axis} from './factors.js';

/** What the rule needs to know of a node. */
export interface Heads {
  /** `[sample…, batch…]`. */
  readonly shape: Shape;
  readonly batchRank: number;
}

/**
 * The axes of `shape` in a cost of shape `cost`, which ends in the batch and has samples in front: batch axes are
 * aligned from the right, and so are samples, or, where a node has no batch, from the left, since what follows is then
 * a batch of the data. An axis that the cost lacks is one of which every draw bears on the cost.
 * @returns null where the cost has some batch axes and lacks others, or one of another size
 */
export function conventionalAxes({shape, batchRank}: Heads, cost: Shape): Axes | null {
  if (cost.length === 0 || sizeOf(cost) === 1) return everywhere(shape);
  const samples = shape.length - batchRank;
  const extra = cost.length - batchRank;
  if (extra < 0) return null;
  const offset = batchRank === 0 && extra > samples ? 0 : cost.length - shape.length;
  const axes = shape.map((n, i): Axis | null => {
    const at = i + offset;
    const c = at < 0 ? 1 : cost[at]!;
    if (n === 1 || c === 1) return every(n);
    return n === c ? whole(n, cost.length - 1 - at) : null;
  });
  return axes.every(axis => axis !== null) ? axes : null;
}

/** The axes of a node's value, given those of a cost from outside that was said to depend on it. */
export function byConvention(node: StochasticTensor, heads: Heads, cost: Shape, axes: Axes): Axes {
  const event = node.value.shape.slice(heads.shape.length);
  const found = conventionalAxes(heads, cost);
  // An axis of the outside cost is by now whatever became of it.
  const own =
    found === null
      ? everywhere(heads.shape)
      : found.map((axis, i) =>
          axis.length === 1 && axis[0]!.along >= 0 ? axes[cost.length - 1 - axis[0]!.along]! : every(heads.shape[i]!),
        );
  return [...own, ...event.map(every)];
}
