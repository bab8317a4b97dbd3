/** The default stream: where keys come from in calls without one. */
import {checkInteger} from '../util/options.js';
import {recorder, withRecorder} from '../util/recorder.js';
import {foldIn, key, type Key} from '../keys/key.js';

const stream = {root: key(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)), next: 0};

/**
 * Starts the default stream anew: after the same seed, the same calls without a key give the same values.
 * @example
 * ```ts
 * st.random.setSeed(7);
 * const first = st.random.uniform([2]);
 * st.random.setSeed(7);
 * tf.sub(first, st.random.uniform([2])); // [0, 0]
 * ```
 */
export function setSeed(seed: number): void {
  checkInteger('random.setSeed', 'seed', seed);
  recorder()?.refused('it calls random.setSeed');
  stream.root = key(seed);
  stream.next = 0;
}

/** The next key of the default stream. */
export function nextKey(): Key {
  const at = stream.next++;
  const made = withRecorder(null, () => foldIn(stream.root, at));
  recorder()?.derived([made.words], null, String(at), () => [made.words]);
  return made;
}

/** The key that the default stream gives after `ahead` others. */
export function keyAhead(ahead: number): Key {
  return foldIn(stream.root, stream.next + ahead);
}

/** Where the default stream stands. */
export type StreamPosition = Readonly<typeof stream>;

export function streamPosition(): StreamPosition {
  return {...stream};
}

/** Takes the default stream back to where it stood: the same calls without a key then give the same values again. */
export function returnTo(position: StreamPosition): void {
  Object.assign(stream, position);
}
