/** Running out of memory: what backends throw then says nothing of it, so what was going on is told here. */
import * as tf from '@tensorflow/tfjs-core';
import {StochasticError} from './errors.js';

/**
 * By the name of the error, how its message reads where an allocation failed. A length that no array can have (−1) is
 * somebody's mistake instead.
 */
const SIGNS: Readonly<Record<string, RegExp>> = {
  RangeError: /allocation failed|out of memory|invalid typed array length: \d{7,}/i,
  InternalError: /allocation size overflow|out of memory/i,
  /** Of WebAssembly. Its allocator aborts, and what follows reads where nothing is. */
  RuntimeError: /abort|out of bounds|unreachable|out of memory/i,
};

/** The failed allocation that `error` is, or tells of; null for any other error. */
function failedAllocation(error: unknown): Error | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof StochasticError) continue; // one that passed here on its way
    return SIGNS[at.name]?.test(at.message) === true && (at.name !== 'RuntimeError' || tf.getBackend() === 'wasm')
      ? at
      : null;
  }
  return null;
}

/** The bytes of all tensors that live, as far as anybody knows. */
export function bytesHeld(): number {
  try {
    return tf.memory().numBytes;
  } catch {
    return NaN; // of a backend that is broken
  }
}

/**
 * Throws an error that says so where `error` comes of a lack of memory, with what failed as its cause; returns where it
 * is any other error.
 * @param what what was being done with which shapes
 * @param bytes held by tensors when it failed
 */
export function tellOutOfMemory(who: string, error: unknown, what: () => string, bytes = bytesHeld()): void {
  const cause = failedAllocation(error);
  if (cause === null) return;
  const held = Number.isFinite(bytes) ? `, with ${bytes} bytes held by tensors` : '';
  const end =
    tf.getBackend() === 'wasm' ? '. After that this process cannot go on with the backend "wasm": start another' : '';
  throw new StochasticError(
    `${who}: ran out of memory (${cause.name}: ${cause.message.slice(0, 80)}) on backend "${tf.getBackend()}" ` +
      `${what()}${held}; make the batch smaller, draw fewer samples, or choose an estimator that evaluates the ` +
      `cost less often${end}`,
    {cause},
  );
}
