/**
 * Faster forms of some kernels of the wasm backend, built from its other kernels; the results are equal to rounding.
 */
import * as tf from '@tensorflow/tfjs-core';
import {ensureBackend} from '../ensure.js';
import {swap, type Replacement} from '../replacement.js';
import {fastCast, fastIdentity} from './identity.js';
import {fastBatchMatMul, fastFusedMatMul} from './matMul.js';
import {fastTanh} from './tanh.js';
import {fastSum} from './leadingSum.js';
import {fastTile} from './tile.js';

const fastKernels: readonly Replacement[] = [
  fastBatchMatMul,
  fastFusedMatMul,
  fastIdentity,
  fastCast,
  fastSum,
  fastTanh,
  fastTile,
];

/** What is in place, with what it replaced. */
const inPlace = new Map<string, {original: tf.KernelConfig; fast: tf.KernelConfig}>();

/**
 * Replaces kernels of the wasm backend by faster ones with the same results, and returns the names of those now in
 * place.
 *
 * Returns [] where tfjs-backend-wasm is not loaded; calling it again changes nothing. The gain is largest in the
 * gradients of dense layers, whose transposed matrix products stock kernels do in a naive loop.
 */
export function enableFastKernels(): string[] {
  ensureBackend('wasm'); // what is mended goes below what is made faster
  for (const {kernelName, replace} of fastKernels) {
    // tfjs's type leaves out the unregistered
    const original = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined;
    if (original === undefined || original === inPlace.get(kernelName)?.fast) continue;
    const fast = {...original, kernelFunc: replace(original.kernelFunc, 'wasm')};
    swap(original, fast);
    inPlace.set(kernelName, {original, fast});
  }
  return [...inPlace.keys()];
}

/** Puts tfjs's own kernels back. */
export function disableFastKernels(): void {
  for (const {original, fast} of inPlace.values()) {
    if (tf.getKernel(fast.kernelName, 'wasm') === fast) swap(fast, original);
  }
  inPlace.clear();
}
