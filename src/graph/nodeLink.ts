/** What the graph knows of its nodes, and the link from a value on the tape back to its node. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import type {Shape} from '../util/shapes.js';
import type {Estimator} from './estimator.js';
import type {NodeView} from './nodeView.js';
import type {StochasticTensor} from './stochasticTensor.js';
import type {Guarded} from './tape.js';

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
  /** Whether its own surrogate term is still to be weighted with them, since its estimator did not draw them. */
  readonly weighsTerm?: boolean;
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

/** The surrogate term of a node, with its weights unless its estimator has put them in. */
export function weighTerm({weighsTerm = false, weights}: NodeLink, surrogate: tf.Tensor): tf.Tensor {
  return weighsTerm && weights !== null ? tf.mul(surrogate, weights) : surrogate;
}

/**
 * Notes that the surrogate term and the weights of a node are part of a tensor by now, so that no scope counts them
 * again.
 */
export function settleLink(link: NodeLink): void {
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
