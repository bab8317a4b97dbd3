import {isGone} from './variablesOf.js';

/**
 * Per-node state of an estimator or baseline, made on first use, and made anew where `tf.disposeVariables()` took its
 * variables away.
 */
export class Slots<S> {
  readonly #states = new Map<string, S>();

  get(slot: string, init: () => S): S {
    let state = this.peek(slot);
    if (state === undefined) {
      state = init();
      this.#states.set(slot, state);
    }
    return state;
  }

  /** The state of a slot that has one. */
  peek(slot: string): S | undefined {
    const state = this.#states.get(slot);
    return state === undefined || isGone(state) ? undefined : state;
  }

  /** The slots that have a state. */
  get names(): string[] {
    return [...this.#states.keys()];
  }

  drop(slot: string, dispose: (state: S) => void): void {
    const state = this.#states.get(slot);
    this.#states.delete(slot);
    if (state !== undefined) dispose(state);
  }

  clear(dispose: (state: S) => void): void {
    this.#states.forEach(dispose);
    this.#states.clear();
  }
}
