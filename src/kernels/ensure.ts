/** What of tfjs is mended, in force on every backend that is loaded. */
import * as tf from '@tensorflow/tfjs-core';
import {introduce} from '../util/copy.js';
import {fail} from '../util/errors.js';
import {putGradient} from './putGradient.js';
import {putInPlace, putMissing, type Addition, type Replacement} from './replacement.js';

/** Gradients, and kernels by backend, that take the place of tfjs's. No kernel is in two of these. */
export interface Mends {
  readonly gradients: readonly tf.GradConfig[];
  readonly kernels: Readonly<Record<string, readonly Replacement[]>>;
  /** Kernels that a backend lacks. */
  readonly missing?: Readonly<Record<string, readonly Addition[]>>;
}

/** What was asked for so far. */
const inForce: Mends[] = [];

/** What goes above the mends, such as faster forms of what they are made of. */
const onTop = new Set<() => void>();

/** Has `put` called now and whenever mends are seen to; it must be quick where nothing is to be done. */
export function ensureOnTop(put: () => void): void {
  onTop.add(put);
  put();
}

/**
 * Puts mends in force, and sees to it that all that were asked for still are; a few microseconds when they are.
 *
 * tfjs-layers and the union package register tfjs's own gradients when they load, over whatever was there, and a
 * backend's kernels may be registered later: so this runs when a file that needs mends loads, and again at the entries
 * of the library.
 */
export function ensure(...wanted: readonly Mends[]): void {
  introduce(fail);
  for (const mends of wanted) {
    if (inForce.includes(mends)) continue;
    inForce.push(mends);
    for (const name of Object.keys(mends.kernels)) putInPlace(mends.kernels[name]!, name);
    for (const name of Object.keys(mends.missing ?? {})) putMissing(mends.missing![name]!, name);
  }
  for (const {gradients} of inForce) gradients.forEach(putGradient);
  const active = tf.getBackend() as string | undefined; // none before tfjs has been initialised
  if (active !== undefined) ensureBackend(active);
  for (const put of onTop) put();
}

/** As `ensure` for the kernels of one backend. */
export function ensureBackend(backendName: string): void {
  for (const {kernels, missing} of inForce) {
    putInPlace(kernels[backendName] ?? [], backendName);
    putMissing(missing?.[backendName] ?? [], backendName);
  }
}
