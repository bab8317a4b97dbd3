/** The base of the two kinds of random node, and the link from a value on the tape back to its node. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import type {Distribution} from '../distributions/distribution.js';
import type {Shape} from '../util/shapes.js';
import type {Estimator, NodeView} from './estimator.js';
import type {Guarded} from './tape.js';

/** A random node. `value` is a plain tensor, to be used in any tfjs code. */
export abstract class StochasticTensor {
  /**
   * The node's value, of shape `[sample…, batch…, event…]`. Disposing it is the caller's affair, as with any tensor.
   */
  readonly value: tf.Tensor;
  /** As it was given, or one made up: for error messages, and to find a node's state in the next step. */
  readonly name: string;

  protected constructor(value: tf.Tensor, name: string) {
    this.value = value;
    this.name = name;
  }

  /** That of the value. */
  get dtype(): tf.DataType {
    return this.value.dtype;
  }

  /** The distribution that the value belongs to. */
  abstract get distribution(): Distribution;

  /**
   * The surrogate term of a cost that lies downstream of this node: a tensor whose mean has the estimate as its
   * gradient, or null where none is needed (observed, reparameterised, mean, or an estimator of null).
   */
  abstract loss(finalLoss: tf.Tensor): tf.Tensor | null;

  /**
   * log p(value), of shape `[sample…, batch…]`: differentiable in the parameters, and in the value where that is not
   * cut off.
   */
  logProb(): tf.Tensor {
    return tf.tidy(() => this.distribution.logProb(this.value));
  }

  /** The entropy of the distribution, of shape `[batch…]`. */
  entropy(): tf.Tensor {
    return tf.tidy(() => this.distribution.entropy());
  }

  /** The mean of the distribution, of shape `[batch…, event…]`. */
  mean(): tf.Tensor {
    return tf.tidy(() => this.distribution.mean());
  }
}

/** What the graph knows of a node beyond its public face. */
export interface NodeLink {
  readonly node: StochasticTensor;
  /** The tensors that the distribution was made of: influence goes on from the value to them. */
  readonly parents: readonly tf.Tensor[];
  /** For each of them the number of rightmost axes that belong to one element of the batch. */
  readonly parentRanks: readonly number[];
  /** Set where the node has a surrogate term. */
  readonly term: {readonly estimator: Estimator; readonly view: NodeView} | null;
  /** The weights of its samples, of the shape of its log-probability; null where all count alike. */
  readonly weights: tf.Tensor | null;
  /** `[sample…, batch…]`: the shape of its log-probability. */
  readonly shape: Shape;
  /** How many axes of that are the batch's; all of them where samples are merged into it. */
  readonly batchRank: number;
  /**
   * How many sample axes its log-probability has in front of the batch; null where samples are merged into the batch.
   */
  readonly sampleRank: number | null;
  /** Which node of its run it is; −1 outside any. */
  readonly place: number;
  /** Refuses derivatives until a surrogate term takes their place; set in scopes that this library did not open. */
  readonly guard?: Guarded | null;
}

// Links live in weak maps, not in fields: tf.tidy walks the fields of what it is given and would keep every parent
// alive.
const byValue = new WeakMap<tf.Tensor, NodeLink>();
const byNode = new WeakMap<StochasticTensor, NodeLink>();
const byView = new WeakMap<NodeView, StochasticTensor>();

export function linkNode(link: NodeLink): void {
  byValue.set(link.node.value, link);
  byNode.set(link.node, link);
  if (link.term !== null) byView.set(link.term.view, link.node);
}

/** Notes that there is a surrogate loss for these nodes, so that derivatives may pass their values by. */
export function serve(links: Iterable<NodeLink>): void {
  for (const {guard} of links) guard?.open();
}

/**
 * Notes that the surrogate term and the weights of a node are part of a tensor by now, so that no scope counts them
 * again.
 */
export function settle(link: NodeLink): void {
  const open = link as {-readonly [name in keyof NodeLink]: NodeLink[name]}; // nobody else may change a link
  open.term = null;
  open.weights = null;
}

export function linkOfValue(value: tf.Tensor): NodeLink | undefined {
  return byValue.get(value);
}

/** The node that an estimator's view shows. */
export function nodeOfView(view: NodeView): StochasticTensor {
  const node = byView.get(view);
  check(node !== undefined, 'estimator', 'a node view must come from a DistributionTensor', view);
  return node;
}

/** The link of a node; throws in the name of `who` for anything else. */
export function linkOf(who: string, node: unknown): NodeLink {
  const link = typeof node === 'object' && node !== null ? byNode.get(node as StochasticTensor) : undefined;
  check(link !== undefined, who, 'must be a DistributionTensor or an ObservedStochasticTensor', node);
  return link;
}
