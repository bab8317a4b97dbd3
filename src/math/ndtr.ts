/** The standard normal cdf Φ, its logarithm and its inverse, good to float32 in both tails; derivatives are stated, not derived. */
import * as tf from '@tensorflow/tfjs-core';
import {log1p} from './elementary.js';
import {polynomial, select, withDerivative} from './numerics.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** ln φ(z) = −z²/2 − ln √(2π). */
export function logDensity(z: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mul(tf.square(z), -0.5), HALF_LOG_2PI);
}

/**
 * ln(erfc(x)) for x >= 0: ln t − x² + P(t), t = 1 / (1 + x/2); relative error of erfc below 1.2e-7 for every x, so no other
 * form is needed far out. The Chebyshev fit erfcc of Press et al., Numerical Recipes (2nd ed.), section 6.2.
 */
function logErfc(x: tf.Tensor): tf.Tensor {
  const t = tf.reciprocal(tf.add(tf.mul(x, 0.5), 1));
  const p = polynomial(t, [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
  ]);
  return tf.add(tf.log(t), tf.sub(p, tf.square(x)));
}

/** ln(erfc(|z| / √2) / 2) = ln Φ(−|z|). */
function logTail(z: tf.Tensor): tf.Tensor {
  return tf.sub(logErfc(tf.mul(tf.abs(z), Math.SQRT1_2)), Math.LN2);
}

/** Φ(z). */
export const ndtr = withDerivative(
  z => {
    const tail = tf.exp(logTail(z));
    return select(tf.less(z, 0), tail, tf.sub(1, tail));
  },
  z => tf.exp(logDensity(z)));

/** ln Φ(z). */
export const logNdtr: (z: tf.Tensor) => tf.Tensor = withDerivative(
  z => {
    const tail = logTail(z);
    return select(tf.less(z, 0), tail, log1p(tf.neg(tf.exp(tail))));
  },
  z => tf.exp(tf.sub(logDensity(z), logNdtr(z))));

/** Φ⁻¹(p): the rational functions PPND7 of Wichura, algorithm AS 241 (1988); about 1 part in 10⁷. */
export const ndtri: (p: tf.Tensor) => tf.Tensor = withDerivative(
  p => {
    const q = tf.sub(p, 0.5);
    const r1 = tf.sub(0.180625, tf.square(q));
    const middle = tf.mul(q, tf.div(
      polynomial(r1, [3.3871327179, 50.434271938, 159.29113202, 59.109374720]),
      polynomial(r1, [1, 17.895169469, 78.757757664, 67.187563600])));
    const nearest = tf.minimum(p, tf.sub(1, p));
    const r = tf.sqrt(tf.neg(tf.log(tf.maximum(nearest, 1e-37))));
    const r2 = tf.sub(r, 1.6);
    const tail = tf.div(
      polynomial(r2, [1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103]),
      polynomial(r2, [1, 0.73700164250, 0.12021132975]));
    const r3 = tf.sub(r, 5);
    const far = tf.div(
      polynomial(r3, [6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997]),
      polynomial(r3, [1, 0.24197894225, 0.012258202635]));
    const size = select(tf.equal(nearest, 0), Infinity, select(tf.lessEqual(r, 5), tail, far));
    return select(tf.lessEqual(tf.abs(q), 0.425), middle, tf.mul(tf.sign(q), size));
  },
  p => tf.exp(tf.neg(logDensity(ndtri(p)))));
