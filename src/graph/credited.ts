/** The costs of a step with the nodes that are credited with them, and those of them that have a term. */
import type * as tf from '@tensorflow/tfjs-core';
import type {Estimator} from './estimator.js';
import type {Influenced} from './influence.js';
import type {NodeLink} from './nodeLink.js';
import type {NodeView} from './nodeView.js';
import type {Replay} from './replay.js';

/** Costs, and the nodes upstream of them. */
export interface Credited {
  /** The costs that nodes are credited with. */
  readonly credits: readonly tf.Tensor[];
  /**
   * How many of them are costs as they were given, to be checked; those behind were taken out of scalars. Default all.
   */
  readonly given?: number;
  /** The nodes upstream of them; their sets index `credits`. */
  readonly influenced: readonly Influenced[];
  /** The nodes to take terms from; default all. */
  readonly only?: readonly NodeLink[] | undefined;
  /** Runs the code that made the costs once more, where it is at hand. */
  readonly replay?: Replay;
}

/** A node that gives a surrogate term. */
export interface TermNode {
  readonly link: NodeLink;
  readonly view: NodeView;
  readonly estimator: Estimator;
  readonly influenced: Influenced;
}
