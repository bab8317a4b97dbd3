import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {sizeOf} from '../util/shapes.js';
import type {NodeCost, NodeView} from '../graph/nodeView.js';

/**
 * The cost of each sample, which broadcasts to the node's shape. Throws in the name of `name` unless the node has at
 * least `least` samples and every cost downstream keeps their axis: one that has lost it depends on all samples, and
 * the differences between samples would not show it.
 */
export function checkSampleCosts(name: string, node: NodeView, {total, perSample}: NodeCost, least = 2): tf.Tensor {
  const {samples: k} = node;
  const who = `${name} at node ${JSON.stringify(node.name)}`;
  check(k >= least, who, `needs at least ${least} samples`, k);
  if (perSample === null)
    fail(who, `the costs must keep the sample axis of size ${k}, so that each sample has its own cost`, total);
  return perSample;
}

/**
 * The costs of a node's K samples, `[K, cost.size / K]`: the sample axis leads, all others are one.
 * @throws in the name of `name` with fewer than `least` samples, or if a cost does not keep the sample axis
 */
export function sampleCosts(name: string, node: NodeView, cost: NodeCost, least = 2): tf.Tensor {
  const each = checkSampleCosts(name, node, cost, least);
  // With sampleAndReshapeValue the sample axis is merged into the first one; this splits it off again.
  return tf.reshape(each, [node.samples, sizeOf(each.shape) / node.samples]);
}
