/** State that holds while a function runs: the only way in which this library keeps any such state. */
import {fail} from './errors.js';
import {isPromise} from './tensors.js';

export class Ambient<T> {
  #now: T;

  /** @param outside what holds where no function runs */
  constructor(outside: T) {
    this.#now = outside;
  }

  /** What holds at the moment. */
  get now(): T {
    return this.#now;
  }

  /**
   * Runs `fn` with `value` in force, and puts back what was before, also where `fn` throws.
   * @throws in the name of `who` if `fn` returns a promise or another thenable: what it still has to do would run
   * without the value
   */
  with<R>(who: string, value: T, fn: () => R): R {
    const before = this.#now;
    this.#now = value;
    let result: R;
    try {
      result = fn();
    } finally {
      this.#now = before;
    }
    if (isPromise(result)) {
      if (result instanceof Promise) result.catch(() => undefined); // whoever called is told of the rule instead
      fail(who, 'the function must be synchronous, got one that returns a promise');
    }
    return result;
  }
}
