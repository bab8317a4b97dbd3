/** Tensors of a node's value, `[sample…, batch…, event…]`, and of its log-probability, `[sample…, batch…]`. */
import * as tf from '@tensorflow/tfjs-core';
import type {NodeView} from '../../graph/nodeView.js';

/** Σ over the event axes of `x`, of the rank of the node's value or more (behind the batch). */
export function sumOverEvent(node: NodeView, x: tf.Tensor): tf.Tensor {
  const rank = node.shape.length;
  return x.rank === rank
    ? x
    : tf.sum(
        x,
        Array.from({length: x.rank - rank}, (_, i) => rank + i),
      );
}

/** `x` of the node's shape with axes of size 1 in the place of the event axes of a tensor of rank `rank`. */
export function spreadOverEvent(x: tf.Tensor, rank: number): tf.Tensor {
  return rank === x.rank ? x : tf.reshape(x, [...x.shape, ...new Array<number>(rank - x.rank).fill(1)]);
}
