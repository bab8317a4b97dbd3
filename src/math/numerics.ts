/** Selection, bounds and weights that can be differentiated twice. */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes} from '../util/shapes.js';
import {madeBy} from './axisRule.js';
import {grow} from './grow.js';
import {detach, stopGradient} from './stopGradient.js';

/** The least positive float32 that no backend rounds to 0. */
export const LEAST = 1.2e-38;

/**
 * A function of the elements of one tensor with its derivative stated, not derived; `derivative` must itself be
 * differentiable in x.
 */
export function withDerivative(
  value: (x: tf.Tensor) => tf.Tensor,
  derivative: (x: tf.Tensor) => tf.Tensor,
): (x: tf.Tensor) => tf.Tensor {
  const op = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc]; // tfjs passes the tensors and then the saving function
    save([x]);
    return {
      value: value(x),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [tf.mul(dy, derivative(saved[0]!))],
    };
  });
  return x => madeBy('elementwise', op(x));
}

/**
 * The test ? a : b for each element, all broadcast, at any rank. The test is a constant, which tf.where does not grant.
 * A number is loaded, never computed, so that −∞ is −∞ on the GPU backends too.
 */
export function select(test: tf.Tensor, a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  const shapeOf = (v: tf.Tensor | number) => (typeof v === 'number' ? [] : v.shape);
  const shape = broadcastShapes('select', [test.shape, shapeOf(a), shapeOf(b)]);
  const grown = (v: tf.Tensor | number) => (typeof v === 'number' ? tf.fill(shape, v) : grow(v, shape));
  const all = [grow(stopGradient(test), shape), grown(a), grown(b)] as const;
  if (shape.length <= 4) return tf.where(...all);
  // tf.where on webgl stops at rank 4
  const [c, x, y] = all.map(t => tf.reshape(t, [-1])) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return tf.reshape(tf.where(c, x, y), shape);
}

/** The sign of x, −1, 0 or 1, as a constant. (tf.sign on wasm gives 0 for small numbers.) */
export function signOf(x: tf.Tensor): tf.Tensor {
  return detach(tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32')));
}

/** What is below this is −∞: comparisons with infinity itself are not to be trusted on GPUs. */
export const LEAST_FINITE = -3e38;

/** max(x, bound), differentiable to any order; at the bound as x. NaN stays NaN. */
export function atLeast(x: tf.Tensor, bound: number): tf.Tensor {
  return select(tf.less(x, bound), bound, x);
}

/** min(x, bound), differentiable to any order; at the bound as x. NaN stays NaN. */
export function atMost(x: tf.Tensor, bound: number): tf.Tensor {
  return select(tf.greater(x, bound), bound, x);
}

/**
 * One-hot vectors of class indices, float32, [..., classes]; zeros for no class. (tf.oneHot is wrong in float32 on
 * wasm.)
 */
export function oneHotOf(index: tf.Tensor, classes: number): tf.Tensor {
  // where they broadcast, and for int32, wasm's comparisons take ten times as long as differences
  const from = tf.sub(tf.expandDims(tf.cast(index, 'float32'), -1), tf.range(0, classes));
  return tf.cast(tf.equal(from, 0), 'float32');
}
