/**
 * What a function changes on the host beside its costs, as a recurrent layer does that goes on from batch to batch: each
 * repetition starts from where the step started, and in the end there stands what the first run left.
 */

/** State of one owner, read and written as a whole. */
export interface HostState<S> {
  /** The state as it is. */
  readonly read: () => S;
  /** Puts one that was read in place again. */
  readonly write: (state: S) => void;
}

interface Noted {
  readonly state: HostState<unknown>;
  readonly atStart: unknown;
}

export class HostStates {
  readonly #noted = new Map<object, Noted>();
  readonly #atEnd = new Map<object, unknown>();

  /** Before an owner changes its state: what it is now is what the step starts from, unless it is known already. */
  note(owner: object, state: HostState<unknown>): void {
    if (!this.#noted.has(owner)) this.#noted.set(owner, {state, atStart: state.read()});
  }

  /** Before a repetition, and before each further pass of it. */
  rewind(): void {
    for (const [owner, {state, atStart}] of this.#noted) {
      if (!this.#atEnd.has(owner)) this.#atEnd.set(owner, state.read());
      state.write(atStart);
    }
  }

  /** After it. */
  restore(): void {
    for (const [owner, {state, atStart}] of this.#noted)
      state.write(this.#atEnd.has(owner) ? this.#atEnd.get(owner) : atStart);
    this.#atEnd.clear();
  }
}
