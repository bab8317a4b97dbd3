/** Applying a kernel of this library, which works on each element by itself, to whatever users give. */
import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../../util/errors.js';
import {floatTensor, type Numbers} from '../../util/numbers.js';
import {broadcastShapes, sameShape} from '../../util/shapes.js';
import type {FunctionKernel} from './definition.js';
import {runOnHost} from './host.js';
import type {Kind} from './runners.js';
import {runElementwise} from './register.js';

/** A number, a nested or typed array, or a tensor. */
export type MathInput = Numbers;

/** A kernel of these inputs, which broadcast against each other: float32, differentiable. */
export function apply<I extends string>(
  who: string,
  kernel: FunctionKernel<I>,
  inputs: Readonly<Record<I, MathInput>>,
): tf.Tensor {
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries<MathInput>(inputs).map(([name, value]) => [name, floatTensor(who, name, value)]),
    );
    const shape = broadcastShapes(
      who,
      Object.values(tensors).map(t => t.shape),
    );
    return runElementwise(functions, kernel as FunctionKernel, tensors, shape); // its inputs have these names
  });
}

const functions: Kind<FunctionKernel> = {
  gradientOf,
  shapeOf: ({kernelName}, inputs) =>
    broadcastShapes(
      kernelName,
      inputs.map(x => x.shape),
    ),
  fill: runOnHost,
  draws: null,
};

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
