/** What estimators with weighted samples share. */
import * as tf from '@tensorflow/tfjs-core';
import {detach} from '../../math/stopGradient.js';
import type {NodeCost, NodeView} from '../../graph/nodeView.js';
import type {Term} from '../../graph/estimator.js';

/** The score function for weighted samples: the mean over the samples of weight·f(x)·log p(x|θ). */
export function weightedScore(node: NodeView, {total}: Pick<NodeCost, 'total'>): Term {
  return {surrogate: tf.mul(node.logProb(), detach(tf.mul(total, node.weights!)))}; // the draw has given weights
}
