/**
 * Ctrl-C, and the signals that mean the same: the first asks the program to stop soon, the same one again stops it at
 * once.
 */
import {constants} from 'node:os';

/** SIGTERM of those who manage jobs, SIGHUP of a terminal that closes, or of `scripts/guard.mjs`. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  readonly requested: boolean;
  /** 0, or of a program that was interrupted: 128 + the signal's number, 130 for SIGINT and 143 for SIGTERM. */
  readonly exitCode: number;
  /** Stops listening. */
  close(): void;
}

// A terminal sends Ctrl-C to every process of the job, and npm passes on the one it got: that is one request, not two.
const sameRequestMs = 400;

/** `onFirst` runs when stopping is first asked for, `onSecond` just before the program ends at once. */
export function watchInterrupt({onFirst, onSecond}: {onFirst: () => void; onSecond?: () => void}): Interrupt {
  let first: {readonly signal: NodeJS.Signals; readonly since: number} | null = null;
  const exitCode = (): number => (first === null ? 0 : 128 + constants.signals[first.signal]);
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === null) {
      first = {signal, since: performance.now()};
      onFirst();
    } else if (first.signal === signal && performance.now() - first.since > sameRequestMs) {
      onSecond?.();
      process.exit(exitCode());
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    get requested() {
      return first !== null;
    },
    get exitCode() {
      return exitCode();
    },
    close() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** Lets pending signals and timers run. */
export function yieldToEvents(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** The result of a piece of work, done to its end at once. */
export function atOnce<T>(work: Generator<unknown, T, void>): T {
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}

/** The same, with a turn for signals and timers wherever the work pauses. */
export async function inTurns<T>(work: Generator<void, T, void>): Promise<T> {
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    await yieldToEvents();
  }
}
