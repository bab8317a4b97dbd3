/**
 * The kernels of this folder's functions, each with its scalar, its shader and its derivatives. Weights are e(t) =
 * exp(−s t − t²/2); r is e by the mean weight.
 */
import * as tf from '@tensorflow/tfjs-core';
import {expm1} from '../elementary/index.js';
import * as scalar from './scalar.js';
import {
  lowerAgainst,
  slopeByLower,
  slopeByUpper,
  truncatedLogCdf,
  truncatedLogMean,
  truncatedMoment,
  truncatedQuantile,
  truncatedShift,
  upperAgainst,
} from './functions.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shaders from './shader.js';

type T = tf.Tensor;

/** ln e(t). */
const logWeight = (t: T, s: T): T => tf.neg(tf.mul(t, tf.add(s, tf.mul(t, 0.5))));
/** e(−p) and e(q) by the mean weight. */
const lowerRatio = (s: T, p: T, q: T): T => tf.exp(tf.sub(logWeight(tf.neg(p), s), truncatedLogMean(s, p, q)));
const upperRatio = (s: T, p: T, q: T): T => tf.exp(tf.sub(logWeight(q, s), truncatedLogMean(s, p, q)));
/** The probability of what lies below d, and of what lies above. */
const below = (d: T, s: T, p: T, q: T): T => tf.exp(truncatedLogCdf(d, tf.add(d, p), s, p, q));
const above = (d: T, s: T, p: T, q: T): T => below(tf.neg(d), tf.neg(s), q, p);
const sum = (a: T, b: T, ...rest: T[]): T => rest.reduce((t, u) => tf.add(t, u), tf.add(a, b));

export const truncatedLogMeanKernel: FunctionKernel<'s' | 'p' | 'q'> = {
  kernelName: 'StTruncatedLogMean',
  inputs: ['s', 'p', 'q'],
  scalar: scalar.truncatedLogMean,
  shader: shaders.truncatedLogMeanShader,
  partials: {
    s: (s, p, q) => tf.neg(tf.mul(tf.add(p, q), truncatedMoment(1, s, p, q))),
    p: (s, p, q) => tf.div(tf.sub(lowerRatio(s, p, q), 1), tf.add(p, q)),
    q: (s, p, q) => tf.div(tf.sub(upperRatio(s, p, q), 1), tf.add(p, q)),
  },
};

export const truncatedMomentKernel: FunctionKernel<'n' | 's' | 'p' | 'q'> = {
  kernelName: 'StTruncatedMoment',
  inputs: ['n', 's', 'p', 'q'],
  scalar: scalar.truncatedMoment,
  shader: shaders.truncatedMomentShader,
  partials: {
    n: 'none',
    s: (n, s, p, q) => {
      const product = tf.mul(truncatedMoment(n, s, p, q), truncatedMoment(1, s, p, q));
      return tf.mul(tf.add(p, q), tf.sub(product, truncatedMoment(tf.add(n, 1), s, p, q)));
    },
    p: (n, s, p, q) => {
      const parity = tf.sub(1, tf.mul(tf.mod(n, 2), 2));
      const end = tf.mul(parity, tf.pow(tf.div(p, tf.add(p, q)), n));
      return momentByEnd(n, lowerRatio(s, p, q), end, s, p, q);
    },
    q: (n, s, p, q) => momentByEnd(n, upperRatio(s, p, q), tf.pow(tf.div(q, tf.add(p, q)), n), s, p, q),
  },
};

export const truncatedLogCdfKernel: FunctionKernel<'d' | 'fromLow' | 's' | 'p' | 'q'> = {
  kernelName: 'StTruncatedLogCdf',
  inputs: ['d', 'fromLow', 's', 'p', 'q'],
  scalar: scalar.truncatedLogCdf,
  shader: shaders.truncatedLogCdfShader,
  partials: {
    d: logCdfSlope,
    fromLow: 'zero',
    s: (d, fromLow, s, p, q) => tf.neg(tf.mul(truncatedShift(d, s, p, q), logCdfSlope(d, fromLow, s, p, q))),
    p: (d, fromLow, s, p, q) =>
      tf.div(tf.mul(lowerRatio(s, p, q), expm1(tf.neg(truncatedLogCdf(d, fromLow, s, p, q)))), tf.add(p, q)),
    q: (_, __, s, p, q) => tf.neg(tf.div(upperRatio(s, p, q), tf.add(p, q))),
  },
};

export const truncatedQuantileKernel: FunctionKernel<'v' | 's' | 'p' | 'q'> = {
  kernelName: 'StTruncatedQuantile',
  inputs: ['v', 's', 'p', 'q'],
  scalar: scalar.truncatedQuantile,
  shader: shaders.truncatedQuantileShader,
  partials: {
    v: (v, s, p, q) => {
      const weight = logWeight(truncatedQuantile(v, s, p, q), s);
      return tf.mul(tf.exp(tf.sub(truncatedLogMean(s, p, q), weight)), tf.add(p, q));
    },
    s: (v, s, p, q) => truncatedShift(truncatedQuantile(v, s, p, q), s, p, q),
    p: (v, s, p, q) => slopeByLower(v, truncatedQuantile(v, s, p, q), s, p),
    q: (v, s, p, q) => slopeByUpper(v, truncatedQuantile(v, s, p, q), s, q),
  },
};

export const truncatedShiftKernel: FunctionKernel<'d' | 's' | 'p' | 'q'> = {
  // it is P(> d) e(−p)/e(d) + P(<= d) e(q)/e(d) − 1, of which only the derivatives are taken so
  kernelName: 'StTruncatedShift',
  inputs: ['d', 's', 'p', 'q'],
  scalar: scalar.truncatedShift,
  shader: shaders.truncatedShiftShader,
  partials: {
    d: (d, s, p, q) => tf.add(tf.mul(tf.add(truncatedShift(d, s, p, q), 1), tf.add(s, d)), endsApart(s, p, q)),
    s: (d, s, p, q) =>
      sum(
        tf.mul(tf.mul(above(d, s, p, q), tf.add(p, d)), lowerAgainst(d, s, p)),
        tf.mul(tf.mul(below(d, s, p, q), tf.sub(d, q)), upperAgainst(d, s, q)),
        tf.neg(tf.mul(truncatedShift(d, s, p, q), endsApart(s, p, q))),
      ),
    p: (d, s, p, q) => {
      const apart = tf.sub(upperAgainst(d, s, q), lowerAgainst(d, s, p));
      const moved = tf.mul(tf.div(lowerRatio(s, p, q), tf.add(p, q)), apart);
      return tf.mul(above(d, s, p, q), tf.add(tf.mul(tf.sub(s, p), lowerAgainst(d, s, p)), moved));
    },
    q: (d, s, p, q) => {
      const apart = tf.sub(upperAgainst(d, s, q), lowerAgainst(d, s, p));
      const moved = tf.mul(tf.div(upperRatio(s, p, q), tf.add(p, q)), apart);
      return tf.neg(tf.mul(below(d, s, p, q), tf.add(tf.mul(tf.add(s, q), upperAgainst(d, s, q)), moved)));
    },
  },
};

/**
 * (r (end − m) − n m) / (p + q), m the moment: its derivative by the end of the interval at which (t/(p + q))ⁿ is
 * `end`.
 */
function momentByEnd(n: T, ratio: T, end: T, s: T, p: T, q: T): T {
  const moment = truncatedMoment(n, s, p, q);
  return tf.div(tf.sub(tf.mul(ratio, tf.sub(end, moment)), tf.mul(n, moment)), tf.add(p, q));
}

/** The density at d by the probability below. */
function logCdfSlope(d: T, fromLow: T, s: T, p: T, q: T): T {
  const log = tf.sub(tf.sub(logWeight(d, s), truncatedLogMean(s, p, q)), truncatedLogCdf(d, fromLow, s, p, q));
  return tf.div(tf.exp(log), tf.add(p, q));
}

/** The density at the upper end less that at the lower one. */
const endsApart = (s: T, p: T, q: T): T => tf.div(tf.sub(upperRatio(s, p, q), lowerRatio(s, p, q)), tf.add(p, q));
