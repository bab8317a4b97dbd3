import * as tf from '@tensorflow/tfjs-core';
import {registerElementwise} from './elementwise/register.js';
import {functionKernels, samplerKernels} from './functions/index.js';
import {ensureGradients} from './gradients.js';
import {registerLinalg} from './linalg/kernels.js';
import {ensureExactCast} from './webgpu/cast.js';

const elementwise = [...functionKernels, ...samplerKernels];

/** The backends that have kernels of the library's own; a name may be registered before its backend is loaded. */
const KNOWN = ['cpu', 'wasm', 'webgl', 'webgpu'];
const registered = new Set<string>();

/**
 * Puts the library's kernels and gradients in place, and kernels that tfjs has wrong; a fraction of a microsecond when they already are.
 *
 * It runs when the package loads and again at its entries, since tfjs's own gradients and a backend's kernels may be registered later.
 */
export function ensureKernels(): void {
  ensureGradients();
  ensureExactCast();
  for (const name of registered.size === 0 ? KNOWN : []) ensureElementwise(name);
  const active = tf.getBackend() as string | undefined; // none before tfjs has been initialised
  if (active !== undefined) ensureElementwise(active);
}

function ensureElementwise(backendName: string): void {
  if (registered.has(backendName)) return;
  registerElementwise(elementwise, backendName);
  registerLinalg(backendName);
  registered.add(backendName);
}
