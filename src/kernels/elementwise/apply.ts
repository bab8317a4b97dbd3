/** Applying a kernel of this library, which works on each element by itself, to whatever users give. */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor, type Numbers} from '../../util/numbers.js';
import {broadcastShapes, sameShape, sizeOf, toShape, type Shape} from '../../util/shapes.js';
import {grow} from '../../math/grow.js';
import type {ElementwiseKernel, FunctionKernel, SamplerKernel} from './definition.js';
import {ensureElementwise} from './register.js';

/** A number, a nested or typed array, or a tensor. */
export type MathInput = Numbers;

/** The largest rank that the GPU backends broadcast. */
const BROADCAST_RANK = 4;

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
    return run(kernel, tensors, shape);
  });
}

/**
 * Draws float32 numbers of `shape`, to which the inputs broadcast, by a sampler kernel: element i from its own stream
 * of words. Constants: no derivative passes. The same key gives the same numbers on every backend, to rounding.
 */
export function drawByKernel(
  kernel: SamplerKernel,
  inputs: Readonly<Record<string, tf.Tensor>>,
  shape: Shape,
  key: {readonly words: readonly [number, number]},
): tf.Tensor {
  const make = tf.customGrad(() => ({
    value: run(kernel, inputs, toShape(kernel.kernelName, shape), {shape, key: [...key.words]}, true),
    gradFunc: () => [],
  }));
  return tf.tidy(() => make());
}

function run(
  kernel: ElementwiseKernel,
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
  ensureElementwise(kernel);
  return tf.engine().runKernel(kernel.kernelName, grown, attrs as tf.NamedAttrMap);
}
