/** A run that writes a report into a folder of its own, whatever ends it. */
import {claimFolder, type ResultFolder} from './files.js';
import {say} from './output.js';
import {watchInterrupt, type Interrupt} from './interrupt.js';

export interface Reporting {
  /** Of the report, as `--out` says. */
  readonly out: string;
  /** What the report consists of. */
  readonly files: readonly string[];
  /** Takes a progress bar off the screen. */
  readonly stopProgress: () => void;
}

/** What the run is given. */
export interface Surroundings {
  readonly interrupt: Interrupt;
  readonly folder: ResultFolder;
}

/**
 * Runs `work` with the folder claimed and Ctrl-C watched: the first asks for the report, the second ends the program.
 * @throws one sentence if the folder cannot be written to
 */
export async function reporting<T>(
  {out, files, stopProgress}: Reporting,
  work: (surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  const interrupt = watchInterrupt({
    onFirst() {
      stopProgress();
      say('\nStopping: one moment for the report. Ctrl-C again stops at once.\n');
    },
    onSecond: stopProgress,
  });
  let folder: ResultFolder | undefined;
  try {
    folder = claimFolder('--out', out, files);
    return await work({interrupt, folder});
  } finally {
    folder?.release();
    interrupt.close();
  }
}
