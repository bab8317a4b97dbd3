/** Nodes and costs as estimators and baselines see them, without a graph around them. */
import type * as tf from '@tensorflow/tfjs-core';
import type * as st from 'tfjs-stochastic';
import {detach} from '../../src/math/stopGradient.js';

/** A node "n" with a given value. Call what it gives in a tidy. */
export function viewOf(distribution: st.Distribution, value: tf.Tensor, given: Partial<st.NodeView> = {}): st.NodeView {
  return {
    name: 'n',
    slot: 'n#0',
    distribution,
    value,
    memo: {},
    shape: value.shape.slice(0, value.rank - distribution.eventShape.length),
    samples: 1,
    weights: null,
    logProb: () => distribution.logProb(detach(value)),
    ...given,
  };
}

/** The cost of a node, by default one that keeps the sample axis. */
export function costOf(total: tf.Tensor, perSample: tf.Tensor | null = total): st.NodeCost {
  return {total, perSample};
}
