/** Jobs whose result is what they print: once interrupted, they print what there is. */
import {type Interrupt, watchInterrupt} from './interrupt.js';
import {runJob} from './job.js';
import {outputLost, say} from './output.js';

/**
 * Runs `print`, which asks `requested` wherever it can stop. A job that nobody reads any more has nothing left to do,
 * so it counts as interrupted.
 */
export function runTables(print: (interrupt: Pick<Interrupt, 'requested'>) => Promise<void>): Promise<void> {
  return runJob(async () => {
    const interrupt = watchInterrupt({
      onFirst: () => say('\nStopping: one moment for what there is. Ctrl-C again stops at once.\n'),
    });
    try {
      await print({
        get requested() {
          return interrupt.requested || outputLost() !== null;
        },
      });
      return outputLost() === null ? interrupt.exitCode : 1;
    } finally {
      interrupt.close();
    }
  });
}
