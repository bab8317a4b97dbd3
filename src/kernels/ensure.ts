import {ensureGradients} from './gradients.js';
import {ensureExactCast} from './webgpu/cast.js';

/**
 * Puts the library's gradients in place, and kernels that tfjs has wrong; a fraction of a microsecond when they already are.
 *
 * It runs when the package loads and again at its entries, since tfjs's own gradients and a backend's kernels may be registered later.
 */
export function ensureKernels(): void {
  ensureGradients();
  ensureExactCast();
}
