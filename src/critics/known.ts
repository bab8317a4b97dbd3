/** What critics know of a node in one step, each computed at most once however many nodes upstream ask. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import {grow} from '../math/grow.js';
import {detach, unrecorded} from '../math/stopGradient.js';
import {drawFromSupport} from '../estimators/shared/support.js';
import type {EstimatorFacts} from '../graph/estimatorFacts.js';
import type {NodeView} from '../graph/nodeView.js';
import type {Downstream, FrontierNode} from '../graph/inquiry.js';
import {joinRows, supportRows, valueFeatures} from './criticFeatures.js';
import type {SignalName} from './signalName.js';

/** What a critic does for its nodes. */
export interface Critic {
  /** The share of what was seen further down in a target: 1 for the costs as they were seen. */
  readonly lambda: number;
  signal(view: NodeView): SignalName;
  context(view: NodeView): tf.Tensor;
  /** Q of rows `[rows, features]`, connected to the network: `[rows]`. */
  predict(view: NodeView, rows: tf.Tensor): tf.Tensor;
  /** Whether targets take Q from a slow copy of the network. */
  readonly isSlow: boolean;
  /** Q of rows as targets take it: a constant. */
  bootstrap(view: NodeView, rows: tf.Tensor): tf.Tensor;
}

/** A next node with a critic, and how its costs become those of the node that asked. */
export interface Next {
  readonly known: Known;
  readonly align: (cost: tf.Tensor) => tf.Tensor;
}

const critics = new WeakMap<EstimatorFacts, Critic>();
const known = new WeakMap<Downstream, Known>();

export function registerCritic(estimator: EstimatorFacts, critic: Critic): void {
  critics.set(estimator, critic);
}

export function isCritic(estimator: EstimatorFacts): boolean {
  return critics.has(estimator);
}

/** What is known of the node of a critic with these costs downstream. */
export function know({estimator, view, downstream}: Pick<FrontierNode, 'estimator' | 'view' | 'downstream'>): Known {
  let found = known.get(downstream);
  // asked of critics only
  if (found === undefined) known.set(downstream, (found = new Known(critics.get(estimator)!, view, downstream)));
  return found;
}

export class Known {
  readonly view: NodeView;
  readonly critic: Critic;
  readonly #downstream: Downstream;
  readonly #cache = new Map<string, tf.Tensor | null>();
  #below: {nodes: readonly Next[]; direct: () => tf.Tensor | null} | null = null;

  constructor(critic: Critic, view: NodeView, downstream: Downstream) {
    this.critic = critic;
    this.view = view;
    this.#downstream = downstream;
  }

  /** The context of each draw: a constant `[rows, features]`. */
  get context(): tf.Tensor {
    return this.#once('context', () => this.critic.context(this.view));
  }

  /** The node's own draws: `[rows, features]`, along the path of derivatives of a pathwise draw. */
  get rows(): tf.Tensor {
    const {distribution, value, memo, shape} = this.view;
    return this.#once('rows', () =>
      joinRows(valueFeatures(distribution, memo['x'] ?? value, sizeOf(shape)), this.context),
    );
  }

  /** Q of the node's own draws, connected to the network: `[rows]`. */
  get prediction(): tf.Tensor {
    return this.#once('prediction', () => this.critic.predict(this.view, this.rows));
  }

  /** Q(x), a constant of the node's shape. */
  get value(): tf.Tensor {
    return this.#once('value', () => detach(tf.reshape(this.prediction, this.view.shape)));
  }

  /** Σ_v p(v) Q(v) over the support, of the node's shape, with the derivative Σ_v ∂p(v) Q(v). */
  get expectation(): tf.Tensor {
    return this.#once('expectation', () => this.#overSupport((view, rows) => this.critic.predict(view, rows)));
  }

  /** Q(x) − E Q(x), a constant of the node's shape; null where E Q(x) is not known. */
  get surprise(): tf.Tensor | null {
    return this.#once('surprise', () => (this.#hasSupport ? tf.sub(this.value, detach(this.expectation)) : null));
  }

  /** Q(x) as targets take it, a constant of the node's shape. */
  get slowValue(): tf.Tensor {
    if (!this.critic.isSlow) return this.value;
    return this.#once('slowValue', () =>
      tf.reshape(this.critic.bootstrap(this.view, detach(this.rows)), this.view.shape),
    );
  }

  /** `surprise` as targets take it. */
  get slowSurprise(): tf.Tensor | null {
    if (!this.critic.isSlow) return this.surprise;
    return this.#once('slowSurprise', () =>
      this.#hasSupport
        ? tf.sub(this.slowValue, detach(this.#overSupport((view, rows) => this.critic.bootstrap(view, rows))))
        : null,
    );
  }

  /** The next critics below, of which no two share a cost. Weighted samples and costs of unknown origin have none. */
  get nodes(): readonly Next[] {
    return this.#frontier().nodes;
  }

  /** What the costs below none of them add to the cost of each draw; null for nothing. */
  get direct(): tf.Tensor | null {
    return this.#once('direct', () => this.#frontier().direct());
  }

  /**
   * Σ over critics w′ further down, next ones and theirs, of Q(x′) − E Q(x′): what chance added to the cost after this
   * draw, as far as critics know. Its mean is 0 whatever this node drew, so that the cost less it is the same estimate
   * with less noise. A constant that broadcasts to the node's shape.
   */
  get luck(): tf.Tensor | null {
    return this.#once('luck', () => {
      const parts = this.nodes.flatMap(({known: below, align}) => {
        const sum = addParts([below.surprise, below.luck]);
        return sum === null ? [] : [align(grow(sum, below.view.shape))];
      });
      return addParts(parts);
    });
  }

  /**
   * G = direct costs + Σ_w′ (1 − λ) Q(w′) + λ G(w′) − (Q(w′) − E Q(w′)), of the node's shape; λ is that of the critic
   * of this node. What is subtracted, where it is known, has mean 0: it makes TD(0) the expected one, and spares larger
   * λ what the draws of w′ add to the noise (De Asis and Sutton 2018).
   */
  get returns(): tf.Tensor {
    return this.#once('returns', () => {
      const {lambda} = this.critic;
      const below = this.nodes.map(({known: next, align}) => {
        const mixed =
          lambda === 0
            ? next.slowValue
            : lambda === 1
              ? next.returns
              : tf.add(tf.mul(next.slowValue, 1 - lambda), tf.mul(next.returns, lambda));
        const {slowSurprise} = next;
        return align(slowSurprise === null ? mixed : tf.sub(mixed, slowSurprise));
      });
      const sum = addParts([this.direct, ...below]);
      return sum === null ? tf.zeros(this.view.shape) : grow(sum, this.view.shape);
    });
  }

  get #hasSupport(): boolean {
    return this.critic.signal(this.view) === 'support';
  }

  /** Σ_v p(v) q(v), q held constant. */
  #overSupport(q: (view: NodeView, rows: tf.Tensor) => tf.Tensor): tf.Tensor {
    const {view, context} = this;
    const {distribution, shape} = view;
    const batch = sizeOf(distribution.batchShape);
    // as many as are made
    const [values] = unrecorded(() => [tf.clone(q(view, supportRows(view, context)))]) as [tf.Tensor];
    // with another value in the place of one that cannot be
    const {value: support, weights} = drawFromSupport(distribution, [distribution.supportSize()]);
    const isPossible = tf.cast(tf.greater(weights!, 0), 'float32'); // a list of values has weights
    const probs = tf.reshape(tf.mul(tf.exp(distribution.logProbOfDraw(support)), isPossible), [-1, 1, batch]);
    return tf.reshape(
      tf.sum(tf.mul(probs, tf.reshape(values, [probs.shape[0], sizeOf(shape) / batch, batch])), 0),
      shape,
    );
  }

  #frontier(): {nodes: readonly Next[]; direct: () => tf.Tensor | null} {
    if (this.#below === null) {
      const found = this.#downstream.frontier(isCritic);
      this.#below = {
        nodes: found.nodes.map(node => ({known: know(node), align: cost => node.align(cost)})),
        direct: () => found.direct(),
      };
    }
    return this.#below;
  }

  #once<T extends tf.Tensor | null>(name: string, compute: () => T): T {
    if (!this.#cache.has(name)) this.#cache.set(name, compute());
    return this.#cache.get(name) as T; // put there under this name
  }
}

function addParts(parts: ReadonlyArray<tf.Tensor | null>): tf.Tensor | null {
  return parts.reduce((sum, part) => (sum === null ? part : part === null ? sum : tf.add(sum, part)), null);
}
