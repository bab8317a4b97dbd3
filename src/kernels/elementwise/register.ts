/** Running elementwise kernels, which are made known to tfjs when they are first used. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape, sizeOf, type Shape} from '../../util/shapes.js';
import {grow} from '../../math/grow.js';
import {isKnown, makeKnown} from '../own.js';
import {runnerOf, type Kind} from './runners.js';
import type {ElementwiseKernel} from './definition.js';

const names = new Set<string>();

/** Whether a kernel that has been used is one of these. */
export function isOwnElementwise(kernelName: string): boolean {
  return names.has(kernelName);
}

/** The largest rank that the GPU backends broadcast. */
const BROADCAST_RANK = 4;

/** Runs a kernel, which the active backend is made to know, with inputs that broadcast to `shape`. */
export function runElementwise<K extends ElementwiseKernel>(
  kind: Kind<K>,
  kernel: K,
  inputs: Readonly<Record<string, tf.Tensor>>,
  shape: Shape,
  attrs: object = {},
  full = false,
): tf.Tensor {
  const plain = (t: tf.Tensor) => sameShape(t.shape, shape) || sizeOf(t.shape) === 1;
  const grown =
    Object.values(inputs).every(plain) || (!full && shape.length <= BROADCAST_RANK)
      ? inputs
      : Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, plain(t) ? t : grow(t, shape)]));
  ensureElementwise(kind, kernel);
  return tf.engine().runKernel(kernel.kernelName, grown, attrs as tf.NamedAttrMap);
}

/** Sees to it that the active backend has the kernel, and tfjs its gradient. */
function ensureElementwise<K extends ElementwiseKernel>(kind: Kind<K>, kernel: K): void {
  if (isKnown(kernel)) return;
  names.add(kernel.kernelName);
  makeKnown(kernel, kernel.kernelName, backendName => kernelFuncOf(kind, kernel, backendName), kind.gradientOf(kernel));
}

function kernelFuncOf<K extends ElementwiseKernel>(kind: Kind<K>, kernel: K, backendName: string): tf.KernelFunc {
  const run = runnerOf(backendName);
  return ({inputs, attrs, backend}) => {
    const given = kernel.inputs.map(name => inputs[name] as tf.TensorInfo); // each of our inputs is one tensor
    const shape = kind.shapeOf(kernel, given, attrs!); // always passed
    const key = attrs!['key'] as [number, number] | undefined; // set by `drawByKernel`
    // As one long vector where no input broadcasts but by a single number: GPUs compile a program for each rank and
    // shape class.
    const flat = given.every(x => sameShape(x.shape, shape) || sizeOf(x.shape) === 1);
    if (!flat || shape.length === 1) return run({kind, kernel, inputs: given, shape, key}, backend);
    const lined = given.map(x => ({...x, shape: sizeOf(x.shape) === 1 ? [] : [sizeOf(shape)]}));
    return {...run({kind, kernel, inputs: lined, shape: [sizeOf(shape)], key}, backend), shape};
  };
}
