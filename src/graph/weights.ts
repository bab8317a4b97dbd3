/** Weights of samples: a node whose samples do not count alike hands its weights to everything downstream. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import type {Influenced} from './influence.js';
import {drawsForCost} from './axes/align.js';
import {isEvery, isShifted, type Axes} from './axes/factors.js';
import {axesFor} from './axes/reach.js';
import {headAxes, stackedAt} from './credit.js';
import type {NodeLink} from './nodeLink.js';

/** The nodes among `influenced` whose samples are weighted. */
export function weightedNodes(influenced: readonly Influenced[]): Influenced[] {
  return influenced.filter(({link}) => link.weights !== null);
}

/**
 * The costs times the weights of every weighted node upstream of them, that of `except` left out: the mean of the
 * result estimates the mean of the expected cost. A cost without weighted nodes upstream stays the tensor that it is.
 * @throws if a cost has lost an axis of a node whose weights it needs
 */
export function weightCosts(
  costs: readonly tf.Tensor[],
  weighted: readonly Influenced[],
  except: NodeLink | null = null,
): tf.Tensor[] {
  return costs.map((cost, i) =>
    weighted
      .filter(({link, costs: set}) => link !== except && set.has(i))
      .reduce((product, {link, reaches}) => weighCost(product, link, axesFor(reaches, i)), cost),
  );
}

function weighCost(cost: tf.Tensor, link: NodeLink, all: Axes): tf.Tensor {
  const {shape, batchRank, weights, node} = link;
  const pins = stackedAt(link, all, cost.shape);
  const own = cost.shape.map((n, i) => pins.find(({axis}) => axis === i)?.count ?? n);
  const axes = headAxes(link, all, own);
  const lost = axes.findIndex(axis => isEvery(axis) || isShifted(axis));
  if (lost >= 0) {
    fail(
      `node ${JSON.stringify(node.name)}`,
      'its samples are weighted, so a cost downstream must ' +
        (lost < shape.length - batchRank
          ? `keep their axis: return it in the shape [sample…, batch…], here [${shape.join(',')}] up to axes of ` +
            'size 1, and leave the mean to the library'
          : `keep the examples of the batch apart, here [${shape.join(',')}], and this one couples or moves them ` +
            '(a statistic of the batch, a reduction over it, a kernel that is not ' +
            'known to keep them apart): take an estimator without weights, such as "leaveOneOut"'),
      cost,
    );
  }
  const factors = drawsForCost(shape, axes, weights!, own); // of a weighted node
  if (pins.length === 0) return tf.mul(cost, factors);
  const margins = cost.shape.map((_, i): [number, number] => {
    const pin = pins.find(({axis}) => axis === i);
    return pin === undefined ? [0, 0] : [pin.at, pin.of - pin.count - pin.at];
  });
  return tf.mul(cost, tf.pad(tf.broadcastTo(factors, own), margins, 1)); // other elements of the stack are not its own
}

/**
 * Tensors whose means add up to the weighted mean of the costs: weight·cost for each. Where `parts` were taken out of
 * scalar costs, the scalars stay, and weight·part − part is added.
 */
export function countedCosts(
  costs: readonly tf.Tensor[],
  parts: readonly tf.Tensor[],
  weighted: readonly Influenced[],
): tf.Tensor[] {
  if (weighted.length === 0) return [...costs];
  const counted = weightCosts(parts, weighted);
  if (parts.length === costs.length && parts.every((part, i) => part === costs[i])) return counted;
  return [...costs, ...counted.flatMap((c, i) => (c === parts[i] ? [] : [c, tf.neg(parts[i]!)]))];
}
