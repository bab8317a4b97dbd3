/** What an estimator may ask of the graph around its node, and what it may be asked. */
import type * as tf from '@tensorflow/tfjs-core';
import type {EstimatorFacts} from './estimatorFacts.js';
import type {NodeView} from './nodeView.js';
import type {StochasticTensor} from './stochasticTensor.js';

/** What an estimator may ask about the cost f downstream of a node, beyond its value at the draw. */
export interface Downstream {
  /**
   * ∂f/∂x at the draw, a constant of the value's shape. Only paths of derivatives count: one that leads through another
   * node's draw does not, unless that node is pathwise.
   */
  gradient(): tf.Tensor;
  /**
   * f with `x`, of the value's shape, in the place of the node's value: the function that gave the costs runs once
   * more. Nodes downstream draw again, from their new distributions with the keys that they had; everything else stays.
   * The result broadcasts to the node's shape and is differentiable in `x`: along the paths that `gradient` counts, or
   * with 'total' through draws of nodes downstream as well, by their scores, so that the mean over those draws has the
   * derivative of the expected cost. `baseline`, which broadcasts to the node's shape and which no draw of this scope
   * bears on, is subtracted from the cost that multiplies those scores; it is asked only where there are any. A cost of
   * several draws together counts in full for each of them, and once in the derivative of the sum over the node's
   * shape.
   * @throws where the costs did not come from a function (`surrogateLoss`, `node.loss`), or it makes other nodes than
   * before
   */
  at(x: tf.Tensor, derivative?: 'path' | 'total', baseline?: () => tf.Tensor): tf.Tensor;
  /**
   * The part of f that comes from costs which keep the node's leading axis, so that each element belongs to one sample,
   * a constant; null where there is none. What remains of f depends on all samples together.
   */
  perSample(): tf.Tensor | null;
  /**
   * Whether some cost depends on several draws of the node together: examples that it couples, samples that it
   * averages.
   */
  isCoupled(): boolean;
  /** The multi-sample bounds over the node's own samples through which its draw bears on f. */
  bounds(): readonly BoundBelow[];
  /**
   * Whether `perSample` and `bounds` are all through which the draw bears on f: what else f holds is then the same
   * whatever the node draws.
   */
  boundsSuffice(): boolean;
  /**
   * exp(Σ log p − ⊥Σ log p) = 1 over the draws of earlier nodes with `anyOrder` that share a cost with this one; it
   * broadcasts to the node's shape. What is added for this node is multiplied with it, so that its derivatives of
   * higher order have mean 0 where the first has.
   */
  magicBoxBefore(): tf.Tensor;
  /**
   * The next nodes below among those that `joins` picks, such that each cost below a node of the list is below no other
   * of the list, and the part of f that is below none of them. Where costs overlap, the node with most of them comes
   * first; of two with the same the one made first.
   */
  frontier(joins: (estimator: EstimatorFacts) => boolean): Frontier;
  /**
   * The names of the nodes below whose distributions depend on this draw and whose own draws cut the path of
   * derivatives.
   */
  cuts(): readonly string[];
}

/** What lies next below a node. */
export interface Frontier {
  /** Those found, the one with most costs first. */
  readonly nodes: readonly FrontierNode[];
  /**
   * What the costs below none of the nodes add to f, a constant that broadcasts to the shape of the node that asked;
   * null where there is no such cost.
   */
  direct(): tf.Tensor | null;
}

/** A node that lies next below the one that asked, with the costs that are below it. */
export interface FrontierNode {
  /** The node as its own estimator sees it. */
  readonly view: NodeView;
  /** That of the node. */
  readonly estimator: EstimatorFacts;
  /** What may be asked about the costs below it, as of any node. */
  readonly downstream: Downstream;
  /**
   * A cost for each draw of this node, of its shape, as the cost for each draw of the node that asked: a constant that
   * broadcasts to that node's shape.
   */
  align(cost: tf.Tensor): tf.Tensor;
}

/** A cost that is not known yet. */
export interface LateCost {
  /** For messages: `cost "reward"`. */
  readonly who: string;
  /** Its name, or null. */
  readonly name: string | null;
  /** The promise, as it was given to `cost`. */
  readonly outcome: Promise<tf.Tensor | tf.TensorLike>;
  /** The other random nodes that it depends on, as they were made. */
  readonly besides: readonly StochasticTensor[];
  /**
   * Is told of a promise that was rejected or of a value that is no cost; without it the next step that asks for the
   * stand-in throws.
   */
  readonly onError: ((error: Error) => void) | null;
}

/**
 * A multi-sample bound downstream of a node, over the node's own samples along its leading axis: L = ln (1/K) Σ_k w_k,
 * or the mean of ln w.
 */
export interface BoundBelow {
  /** ln w, `[K, batch…]`, a constant. */
  readonly logWeights: tf.Tensor;
  /** Whether it is the mean of ln w. */
  readonly isMean: boolean;
  /** ∂L/∂ln w, a constant: w_k / Σ_j w_j, or 1/K. */
  readonly weights: tf.Tensor;
  /** ∂f/∂L, a constant of L's shape. */
  readonly slope: tf.Tensor;
  /**
   * ∂ln w/∂ln q for the log-densities q that a node gave out with `stopsScore`, of the shape of ln w: −1 for an
   * importance weight p/q, 0 where q is not among them.
   */
  readonly logProbSlope: tf.Tensor;
  /** Whether f is linear in L, and ln w in ln q: then the draw has no part in either slope. */
  readonly isLinear: boolean;
  /**
   * ∂(Σ factors·ln w)/∂x, a constant of the value's shape. With slope·weights it is the part of `Downstream.gradient`
   * that comes through this bound.
   * @param factors a constant of the shape of ln w
   */
  gradient(factors: tf.Tensor): tf.Tensor;
}
