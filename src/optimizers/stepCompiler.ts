/** How `compile: true` finds the function that records steps, which only the main entry brings along. */
import {fail} from '../util/errors.js';

/** A function that records a step; what it returns is called as the step is. */
export type StepCompiler = <A extends unknown[], R>(step: (...args: A) => R) => RecordedStep<A, R>;

/** A step that is recorded. */
export interface RecordedStep<A extends unknown[], R> {
  (...args: A): R;
  dispose(): void;
}

let compiler: StepCompiler | null = null;

/** From now on `compile: true` records steps by `next`. */
export function useStepCompiler(next: StepCompiler): void {
  compiler = next;
}

/** Throws in the name of `who` where there is none. */
export function stepCompiler(who: string): StepCompiler {
  if (compiler === null)
    fail(who, "compile: true comes with 'tfjs-stochastic'; with 'tfjs-stochastic/core' record the step by st.compile");
  return compiler;
}
