/** The graph as its own files see it: nodes of a gradient scope and the costs below them. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {influencedNodes, type Influenced} from '../../src/graph/influence.js';
import {linkOf, type NodeLink} from '../../src/graph/nodeLink.js';
import {readTape} from '../../src/graph/tape.js';

/** The random nodes upstream of `costs`, the last made first. */
export const upstream = (...costs: tf.Tensor[]): Influenced[] => influencedNodes(readTape('test'), costs);

export const link = (node: st.StochasticTensor): NodeLink => linkOf('test', node);

/** Runs `f` with a variable in a gradient scope, and gives copies of what it returns. */
export function withTape(values: number[], f: (w: tf.Variable) => tf.Tensor[] | void): tf.Tensor[] {
  const w = tf.tidy(() => tf.variable(tf.tensor1d(values)));
  let kept: tf.Tensor[] = [];
  try {
    tf.dispose(
      tf.variableGrads(() => {
        kept = (f(w) ?? []).map(t => tf.keep(tf.clone(t)));
        return tf.sum(w);
      }, [w]),
    );
  } finally {
    w.dispose();
  }
  return kept;
}

/** A Bernoulli node with a score-function estimator. */
export const coin = (
  name: string,
  logits: tf.Tensor,
  options: st.DistributionTensorOptions = {},
): st.DistributionTensor =>
  new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: st.scoreFunction(), name, ...options});
