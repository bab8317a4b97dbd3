/** What an estimator is shown when the costs are known: a random node, and the cost downstream of it. */
import type * as tf from '@tensorflow/tfjs-core';
import type {Distribution} from '../distributions/distribution.js';
import type {Shape} from '../util/shapes.js';

/** A random node as its estimator sees it when the costs are known. */
export interface NodeView {
  /** For error messages. */
  readonly name: string;
  /** Names this node among those that share one estimator, the same in every step: the place of per-node state. */
  readonly slot: string;
  /** Its parameters are alive, linked to the tape and, with `perSample`, of the full shape of the value. */
  readonly distribution: Distribution;
  /** The value as a constant. */
  readonly value: tf.Tensor;
  /** What `draw` asked to be kept, by the same names; empty where it kept nothing. */
  readonly memo: Readonly<Record<string, tf.Tensor>>;
  /** `[sample…, batch…]`: the shape of the log-probability. */
  readonly shape: Shape;
  /** Number of samples along the leading axis, or merged into it by `sampleAndReshapeValue`; 1 without one. */
  readonly samples: number;
  /** The weights that `draw` gave, a constant that broadcasts to `shape`; null where all samples count alike. */
  readonly weights: tf.Tensor | null;
  /** log p(value) of shape `shape`, differentiable in the parameters, the value held constant. */
  logProb(): tf.Tensor;
}

/**
 * The cost downstream of a node, for each of its draws: constants that broadcast to the node's shape, without the
 * node's own weights.
 */
export interface NodeCost {
  /** Everything that a draw bears on. */
  readonly total: tf.Tensor;
  /**
   * The same, where every cost downstream keeps the node's leading axis, so that each element belongs to one sample;
   * null where some cost depends on all samples together: then comparing samples would lose it.
   */
  readonly perSample: tf.Tensor | null;
}
