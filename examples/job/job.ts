/** How a job ends. */
import {isExpected} from './files.js';
import {complain, outliveOutput} from './output.js';

/**
 * Runs a job that gives its exit code; what goes wrong is said on stderr, what the user can mend in one sentence.
 * Nobody has to listen.
 */
export async function runJob(job: () => Promise<number>): Promise<void> {
  outliveOutput();
  try {
    process.exitCode = await job();
  } catch (error) {
    complain(messageOf(error));
    process.exitCode = 1;
  }
}

/** A sentence for the user, or all that is known. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isExpected(error) ? error.message : (error.stack ?? error.message);
}
