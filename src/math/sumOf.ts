import * as tf from '@tensorflow/tfjs-core';
import {madeBy} from './axisRule.js';
import {addN} from './runKernel.js';

/**
 * The sum of tensors of one shape. Like tf.addN, but nothing is saved for the backward pass, which needs nothing: each
 * addend's derivative is dy.
 */
export function sumOf(tensors: readonly tf.Tensor[]): tf.Tensor {
  if (tensors.length === 1) return tensors[0]!;
  const add = tf.customGrad(() => ({
    value: addN(tensors),
    // A tensor each, since the engine disposes gradients that it has added up.
    gradFunc: (dy: tf.Tensor) => tensors.map(() => tf.clone(dy)),
  }));
  return madeBy('elementwise', add(...tensors));
}
