/** What a compiled function knows of calls with arguments of one kind. */
import type {RecordedProgram} from './recordedProgram.js';
import type {Trace} from './trace.js';

/** What is known of calls with one signature. */
export interface Recording {
  readonly signature: string;
  /** The last recording, while it waits for another that is the same. */
  last: Trace | null;
  program: RecordedProgram | null;
  /** Why these calls run as they are written; null where they are recorded, or will be. */
  refusal: string | null;
  tries: number;
  changes: number;
  misses: number;
  /** Calls that the program ran. */
  served: number;
}
