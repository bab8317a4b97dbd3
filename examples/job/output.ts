/** What a job says: it must not fail because nobody listens, or because the log is on a full disk. */

/** The first error of stdout. */
let lost: string | null = null;

/** From now on errors of stdout and stderr, such as that of a pipe whose reader went, end nothing. */
export function outliveOutput(): void {
  process.stdout.on('error', note);
  process.stderr.on('error', () => undefined);
}

function note(error: NodeJS.ErrnoException): void {
  lost ??= error.code ?? error.message;
}

/** Writes to stdout. */
export function say(text: string): void {
  try {
    process.stdout.write(text);
  } catch (error) {
    note(error as NodeJS.ErrnoException); // streams throw errors of the system
  }
}

/** Writes a line to stderr. */
export function complain(line: string): void {
  try {
    process.stderr.write(`${line}\n`);
  } catch {
    // there is nobody to tell
  }
}

/** Why stdout stopped taking what is written to it, or null. */
export function outputLost(): string | null {
  return lost;
}
