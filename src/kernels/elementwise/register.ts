/** Making elementwise kernels known to tfjs, each when it is first used. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../../util/errors.js';
import {broadcastShapes, sameShape, sizeOf} from '../../util/shapes.js';
import {isKnown, makeKnown} from '../own.js';
import {runnerOf} from './backends.js';
import type {ElementwiseKernel, FunctionKernel} from './definition.js';

const names = new Set<string>();

/** Whether a kernel that has been used is one of these. */
export function isOwnElementwise(kernelName: string): boolean {
  return names.has(kernelName);
}

/** Sees to it that the active backend has the kernel, and tfjs its gradient. */
export function ensureElementwise(kernel: ElementwiseKernel): void {
  if (isKnown(kernel)) return;
  names.add(kernel.kernelName);
  makeKnown(
    kernel,
    kernel.kernelName,
    backendName => kernelFuncOf(kernel, backendName),
    'draw' in kernel ? null : gradientOf(kernel),
  );
}

function kernelFuncOf(kernel: ElementwiseKernel, backendName: string): tf.KernelFunc {
  const run = runnerOf(backendName);
  return ({inputs, attrs, backend}) => {
    const given = kernel.inputs.map(name => inputs[name] as tf.TensorInfo); // each of our inputs is one tensor
    const shape =
      'draw' in kernel
        ? (attrs!['shape'] as number[])
        : broadcastShapes(
            kernel.kernelName,
            given.map(x => x.shape),
          );
    const key = attrs?.['key'] as [number, number] | undefined; // set by `draw`
    // As one long vector where no input broadcasts but by a single number: GPUs compile a program for each rank and
    // shape class.
    const flat = given.every(x => sameShape(x.shape, shape) || sizeOf(x.shape) === 1);
    if (!flat || shape.length === 1) return run({kernel, inputs: given, shape, key}, backend);
    const lined = given.map(x => ({...x, shape: sizeOf(x.shape) === 1 ? [] : [sizeOf(shape)]}));
    return {...run({kernel, inputs: lined, shape: [sizeOf(shape)], key}, backend), shape};
  };
}

/** One for all backends. */
function gradientOf({kernelName, inputs, partials}: FunctionKernel): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (dy, saved) =>
      Object.fromEntries(
        inputs.map((name, i) => [
          name,
          () => {
            const partial = partials[name]!;
            if (partial === 'none') fail(kernelName, `there is no derivative in ${name}`);
            if (partial === 'zero') return tf.zerosLike(saved[i]!);
            return sumTo(tf.mul(dy as tf.Tensor, partial(...saved)), saved[i]!.shape);
          },
        ]),
      ),
  };
}

/** t summed over the axes along which `shape` was broadcast. */
function sumTo(t: tf.Tensor, shape: number[]): tf.Tensor {
  if (sameShape(t.shape, shape)) return t;
  const axes = tf.broadcast_util.getReductionAxes(shape, t.shape);
  return tf.reshape(axes.length === 0 ? t : tf.sum(t, axes), shape);
}
