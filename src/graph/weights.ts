/** Weights of samples: a node whose samples do not count alike hands its weights to everything downstream. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../util/errors.js';
import type {Influenced} from './influence.js';
import type {NodeLink} from './stochasticTensor.js';

/** The nodes among `influenced` whose samples are weighted. */
export function weightedNodes(influenced: readonly Influenced[]): Influenced[] {
  return influenced.filter(({link}) => link.weights !== null);
}

/**
 * The costs times the weights of every weighted node upstream of them, that of `except` left out: the mean of the result estimates the mean
 * of the expected cost. A cost without weighted nodes upstream stays the tensor that it is.
 * @throws if a cost has lost an axis of a node whose weights it needs
 */
export function weightCosts(costs: readonly tf.Tensor[], weighted: readonly Influenced[], except: NodeLink | null = null): tf.Tensor[] {
  return costs.map((cost, i) => weighted
      .filter(({link, costs: set}) => link !== except && set.has(i))
      .reduce((product, {link}) => weigh(product, link), cost));
}

function weigh(cost: tf.Tensor, link: NodeLink): tf.Tensor {
  const weights = link.weights!; // of a weighted node
  if (!keepsSamples(cost, weights)) {
    fail(`node ${JSON.stringify(link.node.name)}`, 'its samples are weighted, so a cost downstream must keep the axes that they lie along: ' +
        `it ends in [sample…, batch…], here [${weights.shape.join(',')}], up to axes of size 1`, cost);
  }
  return tf.mul(cost, weights);
}

/** Whether the axes of `weights` are axes of `cost` too: a cost made of several samples or elements of a batch has no weight of its own. */
function keepsSamples(cost: tf.Tensor, weights: tf.Tensor): boolean {
  const at = cost.rank - weights.rank;
  return at >= 0 && weights.shape.every((d, i) => d === 1 || cost.shape[at + i] === d);
}

/**
 * Tensors whose means add up to the weighted mean of the costs: weight·cost for each. Where `parts` were taken out of scalar costs, the
 * scalars stay, and weight·part − part is added.
 */
export function countedCosts(costs: readonly tf.Tensor[], parts: readonly tf.Tensor[], weighted: readonly Influenced[]): tf.Tensor[] {
  if (weighted.length === 0) return [...costs];
  const counted = weightCosts(parts, weighted);
  if (parts.length === costs.length && parts.every((part, i) => part === costs[i])) return counted;
  return [...costs, ...counted.flatMap((c, i) => (c === parts[i] ? [] : [c, tf.neg(parts[i]!)]))];
}
