/** Errors of tfjs-layers in sentences that say who. */
import * as st from 'tfjs-stochastic';

/** Of a message: tfjs writes out what it was given, however long. */
const MOST_LETTERS = 400;

/** What tfjs writes behind names that it does not know. */
const GUESSES = / This may be due to one of the following reasons:[^]*/;

/** What an error says, in one line. */
export function messageOf(error: unknown): string {
  const told = error instanceof Error ? error.message : String(error);
  const message = told.replace(GUESSES, '').replace(/\s*\n\s*/g, ' ');
  return message.length <= MOST_LETTERS ? message : `${message.slice(0, MOST_LETTERS)}…`;
}

/** Runs `fn` of tfjs-layers, whose errors are then told in the name of `who`. */
export function inOurWords<T>(who: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof st.errors.StochasticError || !(error instanceof Error)) throw error;
    return st.extension.fail(who, messageOf(error));
  }
}
