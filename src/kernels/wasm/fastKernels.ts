/**
 * Faster forms of some kernels of the wasm backend, built from its other kernels; the results are equal to rounding.
 */
import * as tf from '@tensorflow/tfjs-core';
import {useHostSimd} from '../../simd/current.js';
import {makeHostSimd} from '../../simd/hostCode.js';
import {ensureBackend, ensureOnTop} from '../ensure.js';
import {kernelOf, swap, type Replacement} from '../replacement.js';
import {fastCast, fastIdentity} from './identity.js';
import {fuseOptimizers} from './fusedSteps.js';
import {simdPointwise} from './pointwise.js';
import {fastSlice, fastSplit, fastUnpack} from './slice.js';
import {simdBatchMatMul, simdFusedMatMul} from './simdProduct.js';
import {fastSum} from './leadingSum.js';
import {fastTile} from './tile.js';
import {emptyTranspose} from './transpose.js';

const fastKernels: readonly Replacement[] = [
  simdBatchMatMul,
  simdFusedMatMul,
  fastIdentity,
  fastCast,
  fastSum,
  ...simdPointwise,
  fastTile,
  fastSlice,
  fastSplit,
  fastUnpack,
  emptyTranspose,
];

/** Under this symbol a fast kernel has the one that it replaced, so that copies of the library know each other's. */
const REPLACED = Symbol.for('tfjs-stochastic.replaced');

type Fast = tf.KernelConfig & {readonly [REPLACED]?: tf.KernelConfig};

const inPlace = (kernelName: string): Fast | undefined => kernelOf(kernelName, 'wasm');

let areWanted = false;

/** Puts the fast kernels in place if they are wanted; well under a microsecond where they are there. */
function put(): void {
  // One look-up tells that all are there: a backend registers its kernels together.
  const first = inPlace(fastKernels[0]!.kernelName);
  if (!areWanted || first === undefined || first[REPLACED] !== undefined) return;
  ensureBackend('wasm'); // what is mended goes below what is made faster
  for (const {kernelName, replace} of fastKernels) {
    const original = inPlace(kernelName);
    if (original === undefined || original[REPLACED] !== undefined) continue;
    const fast: Fast = {...original, kernelFunc: replace(original.kernelFunc, 'wasm'), [REPLACED]: original};
    swap(original, fast);
  }
}

/**
 * Replaces kernels of the wasm backend by faster ones with the same results, to rounding, and returns the names of those
 * now in place. On every backend it has random numbers made by WebAssembly with SIMD, where the engine has that, with the
 * same results in every bit, and has `tf.train`'s optimizers go through each variable once where the backend is wasm. The
 * main entry does so by itself; after `disableFastKernels`, or with `tfjs-stochastic/core` alone, this turns them on.
 *
 * Where tfjs-backend-wasm is not loaded yet it returns [], and they are put in place as soon as the library is used with
 * it; calling it again changes nothing. The gain is largest in the gradients of dense layers, whose transposed matrix
 * products stock kernels do in a naive loop, and where parts of a large tensor are taken.
 */
export function enableFastKernels(): string[] {
  areWanted = true;
  useHostSimd(makeHostSimd);
  fuseOptimizers(true);
  ensureOnTop(put);
  return fastKernels.map(({kernelName}) => kernelName).filter(name => inPlace(name)?.[REPLACED] !== undefined);
}

/**
 * Puts tfjs's own kernels of the wasm backend back, and plain JavaScript in the place of WebAssembly, for good: until
 * `enableFastKernels` is called. What is wrong or missing in tfjs stays mended.
 */
export function disableFastKernels(): void {
  areWanted = false;
  useHostSimd(null);
  fuseOptimizers(false);
  for (const {kernelName} of fastKernels) {
    const fast = inPlace(kernelName);
    const original = fast?.[REPLACED];
    if (fast !== undefined && original !== undefined) swap(fast, original);
  }
}
