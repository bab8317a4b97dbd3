/** Applying a kernel of this library, which works on each element by itself, to whatever users give. */
import * as tf from '@tensorflow/tfjs-core';
import {floatTensor, type Numbers} from '../util/numbers.js';
import {broadcastShapes, sameShape, sizeOf, toShape, type Shape} from '../util/shapes.js';
import {grow} from './grow.js';

/** A number, a nested or typed array, or a tensor. */
export type MathInput = Numbers;

/** The largest rank that the GPU backends broadcast. */
const BROADCAST_RANK = 4;

/** The kernel `kernelName` of these inputs, which broadcast against each other: float32, differentiable. */
export function apply(who: string, kernelName: string, inputs: Readonly<Record<string, MathInput>>): tf.Tensor {
  return tf.tidy(() => {
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, floatTensor(who, name, value)]));
    const shape = broadcastShapes(who, Object.values(tensors).map(t => t.shape));
    return run(kernelName, tensors, shape);
  });
}

/**
 * Draws float32 numbers of `shape`, to which the inputs broadcast, by a sampler kernel: element i from its own stream of words. Constants:
 * no derivative passes. The same key gives the same numbers on every backend, to rounding.
 */
export function draw(
    kernelName: string, inputs: Readonly<Record<string, tf.Tensor>>, shape: Shape, key: {readonly words: readonly [number, number]}): tf.Tensor {
  const make = tf.customGrad(() => ({
    value: run(kernelName, inputs, toShape(kernelName, shape), {shape, key: [...key.words]}, true),
    gradFunc: () => [],
  }));
  return tf.tidy(() => make());
}

function run(kernelName: string, inputs: Readonly<Record<string, tf.Tensor>>, shape: Shape, attrs: object = {}, full = false): tf.Tensor {
  const plain = (t: tf.Tensor) => sameShape(t.shape, shape) || sizeOf(t.shape) === 1;
  const grown = Object.values(inputs).every(plain) || (!full && shape.length <= BROADCAST_RANK) ? inputs
    : Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, plain(t) ? t : grow(t, shape)]));
  return tf.engine().runKernel(kernelName, grown, attrs as tf.NamedAttrMap);
}
