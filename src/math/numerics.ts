/** Selection, bounds and weights that can be differentiated twice. */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes} from '../util/shapes.js';
import {grow} from './grow.js';
import {detach, stopGradient} from './stopGradient.js';

/** A function of one tensor with its derivative stated, not derived; `derivative` must itself be differentiable in x. */
export function withDerivative(value: (x: tf.Tensor) => tf.Tensor, derivative: (x: tf.Tensor) => tf.Tensor): (x: tf.Tensor) => tf.Tensor {
  const op = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc]; // tfjs passes the tensors and then the saving function
    save([x]);
    return {
      value: value(x),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [tf.mul(dy, derivative(saved[0]!))],
    };
  });
  return x => op(x);
}

/**
 * The test ? a : b for each element, all broadcast, at any rank. The test is a constant, which tf.where does not grant.
 * A number is loaded, never computed, so that −∞ is −∞ on the GPU backends too.
 */
export function select(test: tf.Tensor, a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  const shape = broadcastShapes('select', [test.shape, typeof a === 'number' ? [] : a.shape, typeof b === 'number' ? [] : b.shape]);
  const grown = (v: tf.Tensor | number) => (typeof v === 'number' ? tf.fill(shape, v) : grow(v, shape));
  const all = [grow(stopGradient(test), shape), grown(a), grown(b)] as const;
  if (shape.length <= 4) return tf.where(...all);
  const [c, x, y] = all.map(t => tf.reshape(t, [-1])) as [tf.Tensor, tf.Tensor, tf.Tensor]; // tf.where on webgl stops at rank 4
  return tf.reshape(tf.where(c, x, y), shape);
}

/** The sign of x, −1, 0 or 1, as a constant. (tf.sign on wasm gives 0 for small numbers.) */
export function signOf(x: tf.Tensor): tf.Tensor {
  return detach(tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32')));
}

/** max(x, bound), differentiable to any order; at the bound as x. */
export function atLeast(x: tf.Tensor, bound: number): tf.Tensor {
  return select(tf.greaterEqual(x, bound), x, bound);
}

/** min(x, bound), differentiable to any order; at the bound as x. */
export function atMost(x: tf.Tensor, bound: number): tf.Tensor {
  return select(tf.lessEqual(x, bound), x, bound);
}

/** p·t, 0 where p is 0 though t be infinite. */
export function weigh(p: tf.Tensor, t: tf.Tensor): tf.Tensor {
  const without = tf.logicalAnd(tf.equal(p, 0), tf.greater(tf.abs(t), 1e38));
  return tf.mul(p, select(without, 0, t));
}

/** p·(ours − theirs), a term of a KL divergence with p = e^ours: 0 where p is 0, whatever theirs is. */
export function weighedRatio(p: tf.Tensor, ours: tf.Tensor, theirs: tf.Tensor): tf.Tensor {
  const unused = tf.equal(p, 0);
  return tf.mul(p, select(unused, 0, tf.sub(select(unused, 0, ours), theirs)));
}

/** One-hot vectors of class indices, float32, [..., classes]; zeros for what is no class. (tf.oneHot is wrong in float32 on wasm.) */
export function oneHotOf(index: tf.Tensor, classes: number): tf.Tensor {
  return tf.cast(tf.equal(tf.expandDims(index, -1), tf.range(0, classes, 1, index.dtype === 'int32' ? 'int32' : 'float32')), 'float32');
}

/** ln p for a probability, at least ln 10⁻¹⁸, so that it and two derivatives of it stay finite. */
export function finiteLog(p: tf.Tensor): tf.Tensor {
  return tf.log(atLeast(p, 1e-18));
}

/** ln Γ(1 + x) for x >= 0 (Lanczos' series with five terms; Press et al., Numerical Recipes, section 6.1). */
export function lgamma1p(x: tf.Tensor): tf.Tensor {
  const coefficients = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 1.208650973866179e-3];
  const series = coefficients.reduce<tf.Tensor>(
    (sum, c, i) => tf.add(sum, tf.div(c, tf.add(x, i + 1))), tf.fill(x.shape, 1.000000000190015));
  const shifted = tf.add(x, 5.5);
  return tf.add(tf.sub(tf.mul(tf.add(x, 0.5), tf.log(shifted)), shifted), tf.log(tf.mul(series, Math.sqrt(2 * Math.PI))));
}
