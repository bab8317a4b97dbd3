/** Bringing costs into the shape of a node's log-probability, so that the mean over that shape counts every cost rightly. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import {type Shape} from '../util/shapes.js';
import type {NodeView} from './estimator.js';

/**
 * Sums costs of any shapes into one tensor Q that broadcasts to the node's shape W, such that the mean over W of Q·log p has the
 * gradient of the sum of the costs' means.
 *
 * A cost of shape C stands for the mean of its elements, and C is aligned with W from the right. An axis that only C has is averaged: the
 * same draw serves all its elements. Along an axis that only W has, every draw bears on the cost, so their log-probabilities add up, which in
 * a mean over W is a factor of that axis's size.
 * @throws if a dimension differs, or if the cost has some of the batch axes and not others: then no rule can tell which it lacks.
 */
export function alignCosts(node: NodeView, costs: readonly tf.Tensor[]): tf.Tensor {
  const sum = costs.map(cost => alignCost(node, cost)).reduce((a, b) => tf.add(a, b));
  const keeping = costs.filter(cost => keepsSamples(node, cost)).length;
  if (keeping > 0 && keeping < costs.length) markMixed(sum);
  return sum;
}

/** Whether a cost has the node's leading axis: then each of its elements belongs to one sample. */
export function keepsSamples({shape}: NodeView, cost: tf.Tensor): boolean {
  return shape.length > 0 && cost.rank >= shape.length && cost.shape[cost.rank - shape.length] === shape[0];
}

const mixed = new WeakSet<tf.Tensor>();

/** Notes that of the costs summed in `aligned` some keep the node's leading axis and others do not. */
export function markMixed(aligned: tf.Tensor): void {
  mixed.add(aligned);
}

/** Whether `aligned` has the sample axis although some of its summands depend on all samples together: comparing samples would lose those. */
export function isMixed(aligned: tf.Tensor): boolean {
  return mixed.has(aligned);
}

function alignCost(node: NodeView, cost: tf.Tensor): tf.Tensor {
  const {shape} = node;
  const batchRank = node.distribution.batchShape.length;
  const extra = cost.rank - shape.length;
  let aligned = extra > 0 ? tf.mean(cost, range(extra)) : cost;
  if (aligned.rank > 0 && aligned.rank < batchRank) mismatch(node, cost, 'lacks a batch axis of the node');
  const offset = shape.length - aligned.rank;
  const shared: number[] = [];
  let factor = shape.slice(0, offset).reduce((a, b) => a * b, 1);
  aligned.shape.forEach((c, i) => {
    const w = shape[offset + i]!;
    if (c === w) return;
    if (c === 1) factor *= w;
    else if (w === 1) shared.push(i);
    else mismatch(node, cost, 'does not align with it');
  });
  if (shared.length > 0) aligned = tf.mean(aligned, shared, true);
  return factor === 1 ? aligned : tf.mul(aligned, factor);
}

function mismatch(node: NodeView, cost: tf.Tensor, how: string): never {
  fail(`node ${JSON.stringify(node.name)}`, `its log-probability has shape [${node.shape.join(',')}] and a cost of shape ` +
      `[${cost.shape.join(',')}] ${how}; costs have shape [sample…, batch…]: sum over event axes, or make axes events with Independent`);
}

/**
 * The mean of a node's surrogate term over every axis that `shape` lacks or has in another size, so that it broadcasts to `shape` and keeps its mean.
 */
export function averageTo(shape: Shape, term: tf.Tensor): tf.Tensor {
  const extra = term.rank - shape.length;
  const axes = term.shape.flatMap((d, i) => (d !== 1 && (i < extra || shape[i - extra] !== d) ? [i] : []));
  const averaged = axes.length > 0 ? tf.mean(term, axes, true) : term;
  return extra > 0 ? tf.reshape(averaged, averaged.shape.slice(extra)) : averaged;
}

function range(n: number): number[] {
  return Array.from({length: n}, (_, i) => i);
}
