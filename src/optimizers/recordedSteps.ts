/** The steps that an optimizer with `compile: true` records. */
import type {RecordedStep, StepCompiler} from './stepCompiler.js';

/** A step, for the object that it is of, as long as that is what it was. */
interface OwnedStep {
  /** The step as it is written: the last that was given, which does the same as those before. */
  asWritten: (data: unknown) => unknown;
  readonly recorded: RecordedStep<[data: unknown], unknown>;
  readonly stamp: unknown;
}

/** Functions in a row that come once, before a warning says so. */
const STRANGERS = 10;

export class RecordedSteps {
  readonly #compile: StepCompiler;
  readonly #entries = new Map<object, OwnedStep>();
  readonly #known = new WeakSet<object>();
  #strangers = 0;
  #isWithin = false;

  constructor(compile: StepCompiler) {
    this.#compile = compile;
  }

  /** A step of one tensor or structure of tensors, recorded for `owner` while `stamp` is the same object. */
  of<D, R>(owner: object, stamp: unknown, step: (data: D) => R): (data: D) => R {
    let entry = this.#entries.get(owner);
    if (entry === undefined || entry.stamp !== stamp) {
      entry?.recorded.dispose();
      const made: OwnedStep = {
        asWritten: step as OwnedStep['asWritten'], // called with what it is given below
        recorded: this.#compile((data: unknown) => this.#within(() => made.asWritten(data))),
        stamp,
      };
      this.#entries.set(owner, (entry = made));
    }
    const {recorded} = entry;
    entry.asWritten = step as OwnedStep['asWritten']; // as above
    return recorded as (data: D) => R; // as above
  }

  /** What runs in a step that is recorded, or could not be, is recorded with it or not at all. */
  #within<R>(run: () => R): R {
    const before = this.#isWithin;
    this.#isWithin = true;
    try {
      return run();
    } finally {
      this.#isWithin = before;
    }
  }

  /** Whether a function was given before, and so will be again: one that never comes back is not worth recording. */
  comesBack(f: object): boolean {
    if (this.#isWithin) return false;
    if (this.#known.has(f)) {
      this.#strangers = 0;
      return true;
    }
    this.#known.add(f);
    if (++this.#strangers === STRANGERS) {
      console.warn(
        `tfjs-stochastic: stochasticOptimizer: compile: true records functions that come back, and minimize was given ` +
          `${STRANGERS} that did not: give it the same function in each step, or record the step by st.compile`,
      );
    }
    return false;
  }

  dispose(): void {
    for (const {recorded} of this.#entries.values()) recorded.dispose();
    this.#entries.clear();
  }
}
