/** Kernels of the library's own, made known to tfjs when they are first used. */
import * as tf from '@tensorflow/tfjs-core';
import {introduce} from '../util/copy.js';
import {fail} from '../util/errors.js';

/** Which backends know a kernel. */
const knownOn = new WeakMap<object, Set<string>>();

/** Whether the active backend knows the kernel; a fraction of a microsecond. */
export function isKnown(kernel: object): boolean {
  return knownOn.get(kernel)?.has(tf.getBackend()) === true;
}

/**
 * Registers a kernel for the active backend, and its gradient, one for all backends. Another copy of the library may
 * have been there before: what it registered stays.
 */
export function makeKnown(
  kernel: object,
  kernelName: string,
  kernelFuncOn: (backendName: string) => tf.KernelFunc,
  gradient: tf.GradConfig | null,
): void {
  introduce(fail);
  const backendName = tf.getBackend();
  const known = knownOn.get(kernel) ?? new Set();
  knownOn.set(kernel, known.add(backendName));
  if (tf.getKernel(kernelName, backendName) === undefined)
    tf.registerKernel({kernelName, backendName, kernelFunc: kernelFuncOn(backendName)});
  if (gradient !== null && tf.getGradient(kernelName) === undefined) tf.registerGradient(gradient);
}
