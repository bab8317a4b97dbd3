import * as tf from '@tensorflow/tfjs-core';
import {check, fail} from '../util/errors.js';
import {sizeOf} from '../util/shapes.js';
import {isMixed} from '../graph/alignCost.js';
import type {NodeView} from '../graph/estimator.js';

/**
 * Throws in the name of `name` unless the node has at least `least` samples and `cost`, which broadcasts to its shape, has one cost for each of them.
 * A cost that has lost the sample axis depends on all samples: the differences between samples would not show it.
 */
export function checkSampleCosts(name: string, node: NodeView, cost: tf.Tensor, least = 2): void {
  const {shape, samples: k} = node;
  const who = `${name} at node ${JSON.stringify(node.name)}`;
  check(k >= least, who, `needs at least ${least} samples`, k);
  if (cost.rank !== shape.length || cost.shape[0] !== shape[0]) {
    fail(who, `the costs must keep the sample axis of size ${k}, so that each sample has its own cost`, cost);
  }
  check(!isMixed(cost), who, `every cost downstream must keep the sample axis of size ${k}, got some that do and some that do not`);
}

/**
 * The costs of a node's K samples, `[K, cost.size / K]`: the sample axis leads, all others are one.
 * @throws in the name of `name` with fewer than `least` samples, or if `cost` does not keep the sample axis
 */
export function sampleCosts(name: string, node: NodeView, cost: tf.Tensor, least = 2): tf.Tensor {
  checkSampleCosts(name, node, cost, least);
  // With sampleAndReshapeValue the sample axis is merged into the first one; this splits it off again.
  return tf.reshape(cost, [node.samples, sizeOf(cost.shape) / node.samples]);
}
