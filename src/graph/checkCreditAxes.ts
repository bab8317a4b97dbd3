/** What costs that a user gives must look like to be credited: `[sample…, batch…]`, told by axes and not by sizes. */
import type * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import type {Shape} from '../util/shapes.js';
import {isEvery, type Axes} from './axes/factors.js';
import {boundsOver} from './boundsBelow.js';
import {CostSet} from './costSet.js';
import {warnOnce} from './estimatorStore.js';
import type {Influenced} from './influence.js';

/**
 * Checks the costs that were given as they are against the nodes upstream of them.
 * @param count how many of the credits were given; those behind were taken out of scalars
 * @param nodes those that are to be credited
 * @param all all nodes upstream, whose sample axes costs may have
 * @throws if a cost still has an axis of an event, a batch axis where none is expected, or an axis in front that is no
 * sample axis although a batch axis has its size
 */
export function checkCreditAxes(
  credits: readonly tf.Tensor[],
  count: number,
  nodes: readonly Influenced[],
  all: readonly Influenced[],
): void {
  const shapes = new Map<string, {shape: Shape; costs: CostSet}>();
  credits.slice(0, count).forEach(({shape}, i) => {
    const key = shape.join(',');
    const before = shapes.get(key)?.costs;
    const one = CostSet.of(i, credits.length);
    shapes.set(key, {shape, costs: before === undefined ? one : CostSet.union(before, one)});
  });
  let samples: Set<number> | null = null;
  for (const node of nodes) {
    for (const {axes, costs} of node.reaches) {
      for (const {shape, costs: same} of shapes.values()) {
        if (shape.length > 0 && same.intersects(costs))
          checkShape(node, axes, shape, () => (samples ??= sampleAxes(all)));
      }
    }
  }
}

function checkShape({link}: Influenced, axes: Axes, cost: Shape, samples: () => ReadonlySet<number>): void {
  const {shape, batchRank, node} = link;
  const hasSpare = cost.length > batchRank && cost[cost.length - 1] === 1;
  const refuse = (how: string): never =>
    fail(
      `node ${JSON.stringify(node.name)}`,
      `its log-probability has shape [${shape.join(',')}] and a cost of shape [${cost.join(',')}] ${how}; costs ` +
        'have shape [sample…, batch…]: ' +
        (hasSpare
          ? `give [${cost.slice(0, -1).join(',')}] in place of [${cost.join(',')}]`
          : 'sum over event axes, or make axes events with Independent'),
    );
  if (axes.slice(shape.length, node.value.rank).some(axis => axis.some(({size, along}) => size > 1 && along >= 0))) {
    refuse(`still has an axis of its event [${node.distribution.eventShape.join(',')}]`);
  }
  if (cost.length < batchRank) refuse('lacks a batch axis of the node');
  const batch = axes.slice(shape.length - batchRank, shape.length);
  batch.forEach((axis, i) => {
    const along = axis.length === 1 && axis[0]!.size > 1 ? axis[0]!.along : -1;
    const expected = batchRank - 1 - i;
    const hint =
      along > expected
        ? ': behind the batch it has more axes, to be summed, or squeezed away as in tf.squeeze(cost, [-1])'
        : '';
    if (along >= 0 && along !== expected) refuse(`does not align with it${hint}`);
  });
  const sizes = shape.slice(shape.length - batchRank).filter(n => n > 1);
  const own = axes.slice(0, shape.length).flat();
  cost.forEach((n, at) => {
    const along = cost.length - 1 - at;
    if (along < batchRank || !sizes.includes(n) || own.some(factor => factor.along === along) || samples().has(along))
      return;
    refuse(
      `has an axis of size ${n} in front that is no sample axis of any node, as if ${n} examples met ${n} ` +
        'others; if it is meant so, give the mean over that axis; a reward of shape [batch, 1] must become [batch]',
    );
  });
}

/** The axes of costs, counted from the last, that are sample axes of some node. */
function sampleAxes(influenced: readonly Influenced[]): Set<number> {
  return new Set(
    influenced.flatMap(({link, reaches}) =>
      reaches.flatMap(({axes}) =>
        axes
          .slice(0, link.shape.length - link.batchRank)
          .flat()
          .map(({along}) => along),
      ),
    ),
  );
}

/**
 * Says once where a cost couples the examples of a batch. A scalar is no such cost: it says itself that it belongs to
 * all. Neither is a bound over samples that were drawn upstream, with which the node's batch begins: they are no
 * examples.
 */
export function warnCoupled({link, reaches}: Influenced, credits: readonly tf.Tensor[]): void {
  const {shape, batchRank, node, term} = link;
  const from = shape.length - batchRank;
  /** The first cost that is no scalar among those in which all of some axis from `first` on meet. */
  const coupledFrom = (first: number): tf.Tensor | undefined => {
    // which reaches couple is asked first: in a long chain, where none does, costs are not looked at
    const coupling = reaches.filter(({axes}) => axes.slice(first, shape.length).some(isEvery));
    return coupling.length === 0
      ? undefined
      : credits.find(({rank}, i) => rank > 0 && coupling.some(({costs}) => costs.has(i)));
  };
  const cost = coupledFrom(from);
  if (
    cost === undefined ||
    (from === 0 && coupledFrom(1) === undefined && term !== null && boundsOver(link, term.view).length > 0)
  )
    return;
  warnOnce(
    `tfjs-stochastic: a cost of shape [${cost.shape.join(',')}] couples the examples of the batch at node ` +
      `${JSON.stringify(node.name)}, whose draws have shape [${shape.join(',')}] (a statistic of the batch, a ` +
      'reduction over it, an outside cost of another size, or a kernel that is not known to keep examples apart), ' +
      'so each of its draws is credited with the cost of the whole batch: the gradient stays right on average but ' +
      'is noisier.',
    `coupled at ${node.name}`,
  );
}
