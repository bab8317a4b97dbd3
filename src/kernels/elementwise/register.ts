/** Making elementwise kernels known to tfjs, with their gradients. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../../util/errors.js';
import {broadcastShapes, sameShape, sizeOf} from '../../util/shapes.js';
import {runnerOf} from './backends.js';
import type {ElementwiseKernel, FunctionKernel} from './definition.js';

/** Registers `kernels` for one backend; one that is there already stays. */
export function registerElementwise(kernels: readonly ElementwiseKernel[], backendName: string): void {
  const run = runnerOf(backendName);
  for (const kernel of kernels) {
    if (tf.getKernel(kernel.kernelName, backendName) !== undefined) continue;
    const kernelFunc: tf.KernelFunc = ({inputs, attrs, backend}) => {
      const given = kernel.inputs.map(name => inputs[name] as tf.TensorInfo); // each of our inputs is one tensor
      const shape = 'draw' in kernel ? attrs!['shape'] as number[] : broadcastShapes(kernel.kernelName, given.map(x => x.shape));
      const key = attrs?.['key'] as [number, number] | undefined; // set by sampleKernel
      // As one long vector where no input broadcasts but by a single number: GPUs compile a program for each rank and shape class.
      const flat = given.every(x => sameShape(x.shape, shape) || sizeOf(x.shape) === 1);
      if (!flat || shape.length === 1) return run({kernel, inputs: given, shape, key}, backend);
      const lined = given.map(x => ({...x, shape: sizeOf(x.shape) === 1 ? [] : [sizeOf(shape)]}));
      return {...run({kernel, inputs: lined, shape: [sizeOf(shape)], key}, backend), shape};
    };
    tf.registerKernel({kernelName: kernel.kernelName, backendName, kernelFunc});
  }
}

/** The gradients, one for all backends. */
export function elementwiseGradients(kernels: readonly FunctionKernel[]): tf.GradConfig[] {
  return kernels.map(({kernelName, inputs, partials}) => ({
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (dy, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => {
      const partial = partials[name];
      if (partial === undefined) fail(kernelName, `there is no derivative in ${name}`);
      if (partial === 'zero') return tf.zerosLike(saved[i]!);
      return sumTo(tf.mul(dy as tf.Tensor, partial(...saved)), saved[i]!.shape);
    }])),
  }));
}

/** t summed over the axes along which `shape` was broadcast. */
function sumTo(t: tf.Tensor, shape: number[]): tf.Tensor {
  if (sameShape(t.shape, shape)) return t;
  const axes = tf.broadcast_util.getReductionAxes(shape, t.shape);
  return tf.reshape(axes.length === 0 ? t : tf.sum(t, axes), shape);
}

