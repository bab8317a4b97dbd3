/** What an estimator or a baseline remembers of each of its nodes from step to step. */
import type * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import type {Distribution} from '../distributions/distribution.js';
import {returnTo, streamPosition} from '../random/stream.js';
import type {NodeView} from './nodeView.js';
import {Slots} from './slots.js';

/** The state of one node in its parts. */
export interface StateParts {
  /** Numbers on the device, those that are trained and moving averages alike. */
  readonly variables: readonly tf.Variable[];
  /** What counts its updates, each by a number of the host. */
  readonly counters: ReadonlyArray<{steps: number}>;
}

/** What is remembered of each node, so that whoever saves a model can save it too. */
export interface NodeStates {
  /** The slots that have a state. */
  readonly slots: readonly string[];
  /** The state of a slot; null if it has none yet, or no more. */
  read(slot: string): StateParts | null;
  /**
   * Makes the state of a slot, as the first step at a node of that distribution would, but for the numbers that it
   * starts from: nothing is taken from the default stream, so that what follows draws the same.
   * @throws where the slot has a state
   */
  make(slot: string, distribution: Distribution): StateParts;
  /** Forgets the state of a slot. */
  drop(slot: string): void;
}

/** Whether an estimator's or a baseline's `states` are such, or not given. */
export function areStates(x: unknown): x is NodeStates | undefined {
  if (x === undefined) return true;
  if (typeof x !== 'object' || x === null) return false;
  const {slots, read, make, drop} = x as Partial<NodeStates>;
  return Array.isArray(slots) && [read, make, drop].every(method => typeof method === 'function');
}

/** How one kind of state is made, taken apart and disposed. */
export interface StateKind<S> {
  /** The state that a node starts from. @param node what the steps of one node have in common */
  make(node: Pick<NodeView, 'distribution'>): S;
  /** What is saved of a state; the same parts, in one order, of all states that are made for like nodes. */
  parts(state: S): StateParts;
  /** Disposes the variables of a state. */
  dispose(state: S): void;
}

/** State of each node that can be saved. */
export class StatesOf<S> implements NodeStates {
  readonly #kind: StateKind<S>;
  readonly #states = new Slots<S>();

  constructor(kind: StateKind<S>) {
    this.#kind = kind;
  }

  /** The state of a node, made at its first step. */
  get(node: Pick<NodeView, 'slot' | 'distribution'>): S {
    return this.#states.get(node.slot, () => this.#kind.make(node));
  }

  get slots(): readonly string[] {
    return this.#states.names;
  }

  read(slot: string): StateParts | null {
    const state = this.#states.peek(slot);
    return state === undefined ? null : this.#kind.parts(state);
  }

  make(slot: string, distribution: Distribution): StateParts {
    check(this.#states.peek(slot) === undefined, 'states.make', 'the slot has a state', slot);
    const position = streamPosition();
    try {
      return this.#kind.parts(this.#states.get(slot, () => this.#kind.make({distribution})));
    } finally {
      returnTo(position);
    }
  }

  drop(slot: string): void {
    this.#states.drop(slot, state => this.#kind.dispose(state));
  }

  /** Disposes the states of all nodes; they start afresh. */
  clear(): void {
    this.#states.clear(state => this.#kind.dispose(state));
  }
}
