/** Putting kernels in the place of tfjs's. */
import * as tf from '@tensorflow/tfjs-core';

/** A kernel that replaces one of tfjs's: given the function in place on a backend, the function to use instead. */
export interface Replacement {
  readonly kernelName: string;
  readonly replace: (original: tf.KernelFunc, backendName: string) => tf.KernelFunc;
}

/** A kernel that a backend of tfjs lacks. */
export interface Addition {
  readonly kernelName: string;
  readonly make: (backendName: string) => tf.KernelFunc;
}

/** The kernel of a backend, if that backend is loaded and has it. */
export function kernelOf(kernelName: string, backendName: string): tf.KernelConfig | undefined {
  return tf.getKernel(kernelName, backendName); // tfjs's type leaves out the unregistered
}

/** tfjs warns when a kernel is registered over another, so the old one goes first. */
export function swap(from: tf.KernelConfig, to: tf.KernelConfig): void {
  tf.unregisterKernel(from.kernelName, from.backendName);
  tf.registerKernel(to);
}

const ours = new Map<string, tf.KernelConfig>();

/** Puts each replacement in its place, in their order; where one of them is there already, it stays. */
export function putInPlace(replacements: readonly Replacement[], backendName: string): void {
  const first = replacements[0];
  // One look-up tells that all are there: a backend registers its kernels together.
  if (first === undefined || isOurs(first.kernelName, backendName)) return;
  const names = new Set(replacements.map(r => r.kernelName));
  for (const kernelName of names) {
    const current = kernelOf(kernelName, backendName);
    if (current === undefined || isOurs(kernelName, backendName)) continue;
    const kernelFunc = replacements
      .filter(r => r.kernelName === kernelName)
      .reduce((f, {replace}) => replace(f, backendName), current.kernelFunc);
    const config = {...current, kernelFunc};
    swap(current, config);
    ours.set(keyOf(kernelName, backendName), config);
  }
}

const keyOf = (kernelName: string, backendName: string): string => `${backendName}/${kernelName}`;

function isOurs(kernelName: string, backendName: string): boolean {
  const known = ours.get(keyOf(kernelName, backendName));
  return known !== undefined && kernelOf(kernelName, backendName) === known;
}

/** Registers each kernel that the backend lacks, if it is loaded; what it has stays. */
export function putMissing(additions: readonly Addition[], backendName: string): void {
  const last = additions.at(-1);
  // One look-up tells that all are there, another that the backend is not loaded.
  if (last === undefined || kernelOf(last.kernelName, backendName) !== undefined) return;
  if (kernelOf(tf.Identity, backendName) === undefined) return;
  for (const {kernelName, make} of additions) {
    if (kernelOf(kernelName, backendName) === undefined)
      tf.registerKernel({kernelName, backendName, kernelFunc: make(backendName)});
  }
}
