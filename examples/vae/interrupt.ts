/** Ctrl-C: the first asks the program to stop soon, the second stops it at once. */

export interface Interrupt {
  readonly requested: boolean;
  /** Stops listening. */
  close(): void;
}

/** The exit code of a program that was interrupted: 128 + SIGINT. */
export const interruptedExitCode = 130;

// A terminal sends Ctrl-C to every process of the job, and npm passes on the one it got: that is one request, not two.
const sameRequestMs = 400;

/** `onFirst` runs when stopping is first asked for, `onSecond` just before the program ends at once. */
export function watchInterrupt({onFirst, onSecond}: {onFirst: () => void; onSecond: () => void}): Interrupt {
  let since: number | null = null;
  const onSignal = (): void => {
    if (since === null) {
      since = performance.now();
      onFirst();
    } else if (performance.now() - since > sameRequestMs) {
      onSecond();
      process.exit(interruptedExitCode);
    }
  };
  process.on('SIGINT', onSignal);
  return {
    get requested() {
      return since !== null;
    },
    close: () => void process.off('SIGINT', onSignal),
  };
}

/** Lets pending signals and timers run. */
export function yieldToEvents(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
