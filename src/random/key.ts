/** Keys of the counter-based generator: immutable, plain numbers, cheap to make. */
import {check} from '../util/errors.js';

/** A 64-bit key as two unsigned 32-bit words. Never use one key for two draws: `split` it. */
export interface Key {
  readonly words: readonly [number, number];
}

/** The key of an integer seed (any safe integer, negative ones included). */
export function key(seed: number): Key {
  check(Number.isSafeInteger(seed), 'random.key', 'seed must be a safe integer', seed);
  return {words: [Math.floor(seed / 0x100000000) >>> 0, seed >>> 0]};
}
