/**
 * Truncated normal distributions seen from the point of highest density (src/functions/truncatedNormal/scalar.ts says
 * how): t from −p to q has weight exp(−s t − t²/2).
 */
import * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {grow} from '../../math/grow.js';
import {implicit} from '../implicit/index.js';
import {select} from '../../math/numerics.js';
import {detach} from '../../math/stopGradient.js';
import {
  truncatedLogCdfKernel,
  truncatedLogMeanKernel,
  truncatedMomentKernel,
  truncatedQuantileKernel,
  truncatedShiftKernel,
} from './kernels.js';

/** The logarithm of the mean weight over the interval. */
export const truncatedLogMean = (s: MathInput, p: MathInput, q: MathInput): tf.Tensor =>
  apply('TruncatedNormal', truncatedLogMeanKernel, {s, p, q});

/** The mean of (t/(p + q))ⁿ. */
export const truncatedMoment = (n: MathInput, s: MathInput, p: MathInput, q: MathInput): tf.Tensor =>
  apply('TruncatedNormal', truncatedMomentKernel, {n, s, p, q});

/** ln P(t <= d); fromLow is d + p, which the caller may know better. Derivatives go by d. */
export const truncatedLogCdf = (
  d: MathInput,
  fromLow: MathInput,
  s: MathInput,
  p: MathInput,
  q: MathInput,
): tf.Tensor => apply('TruncatedNormal', truncatedLogCdfKernel, {d, fromLow, s, p, q});

/** The t with P(<= t) = v, for v < 0 with P(> t) = −v. */
export const truncatedQuantile = (v: MathInput, s: MathInput, p: MathInput, q: MathInput): tf.Tensor =>
  apply('TruncatedNormal', truncatedQuantileKernel, {v, s, p, q});

/** The derivative of a quantile by s where it has the value d. */
export const truncatedShift = (d: MathInput, s: MathInput, p: MathInput, q: MathInput): tf.Tensor =>
  apply('TruncatedNormal', truncatedShiftKernel, {d, s, p, q});

/** e(−p)/e(d), e the weight. */
export const lowerAgainst = (d: tf.Tensor, s: tf.Tensor, p: tf.Tensor): tf.Tensor =>
  tf.exp(tf.mul(tf.add(p, d), tf.sub(s, tf.mul(tf.sub(p, d), 0.5))));

/** e(q)/e(d). */
export const upperAgainst = (d: tf.Tensor, s: tf.Tensor, q: tf.Tensor): tf.Tensor =>
  tf.exp(tf.mul(tf.sub(d, q), tf.add(s, tf.mul(tf.add(q, d), 0.5))));

/** The derivative of the quantile d of v by p, −P(> d) e(−p)/e(d). */
export function slopeByLower(v: tf.Tensor, d: tf.Tensor, s: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const above = select(tf.less(v, 0), tf.neg(v), tf.sub(1, v));
  return tf.neg(tf.mul(above, lowerAgainst(d, s, p)));
}

/** The derivative of the quantile d of v by q, P(<= d) e(q)/e(d). */
export function slopeByUpper(v: tf.Tensor, d: tf.Tensor, s: tf.Tensor, q: tf.Tensor): tf.Tensor {
  return tf.mul(select(tf.less(v, 0), tf.add(v, 1), v), upperAgainst(d, s, q));
}

/**
 * The quantile of v as a function of s, p and q, which broadcast to its shape, with derivatives at the value that it
 * has.
 */
export function truncatedDraw(v: tf.Tensor, s: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const d = detach(truncatedQuantile(v, detach(s), detach(p), detach(q)));
  // v is a constant, but only what is given as a parameter is kept for the derivatives
  return implicit(
    d,
    [v, s, p, q].map(t => grow(t, d.shape)),
    [
      v => tf.zerosLike(v),
      (_, s, p, q, d) => truncatedShift(d, s, p, q),
      (v, s, p, _, d) => slopeByLower(v, d, s, p),
      (v, s, _, q, d) => slopeByUpper(v, d, s, q),
    ],
  );
}
