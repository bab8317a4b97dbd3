/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {expm1, log1pmx} from '../elementary/index.js';
import {logRatio} from '../families/index.js';
import {digamma, polygammaDifference} from '../gamma/index.js';
import {select, signOf} from '../../math/numerics.js';
import {laplaceBend, lgammaRatio} from './functions.js';
import * as scalar from './scalar.js';
import {stopGradient} from '../../math/stopGradient.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

const inputs = ['m', 's', 'n', 't'] as const;

/** (x − y)/y. */
const excess = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.div(tf.sub(x, y), y);

/** e^{−u}(1 + u) − 1. */
const fall = (u: tf.Tensor): tf.Tensor => expm1(log1pmx(u));

const distance = (m: tf.Tensor, n: tf.Tensor): tf.Tensor => tf.mul(signOf(tf.sub(m, n)), tf.sub(m, n));

/** For r = x/y: r (ψ(r) + γ), which is 0 at 1. */
function slopeOfLgamma(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const r = tf.div(x, y);
  const isSmall = tf.less(r, 0.5);
  const step = polygammaDifference(0, 1, select(isSmall, r, excess(x, y))); // ψ(1 + r) = ψ(r) + 1/r
  return tf.sub(tf.mul(r, step), select(isSmall, 1, 0));
}

/**
 * What the divergences of Gumbel and of Weibull distributions share, functions of r = x/y and of d: the derivative by
 * ln r, and e^w − 1, w = ln Γ(1 + r) − d, which is minus that by d.
 */
function extremeSlopes(x: tf.Tensor, y: tf.Tensor, d: tf.Tensor): {byLogRatio: tf.Tensor; rise: tf.Tensor} {
  const r = tf.div(x, y);
  const rise = expm1(tf.sub(lgammaRatio(x, y), d));
  return {byLogRatio: tf.add(slopeOfLgamma(x, y), tf.mul(tf.mul(r, rise), digamma(tf.add(r, 1)))), rise};
}

const gumbelSlopes = (m: tf.Tensor, s: tf.Tensor, n: tf.Tensor, t: tf.Tensor) => {
  const d = tf.div(tf.sub(m, n), t);
  return {...extremeSlopes(s, t, d), d};
};

const weibullSlopes = (k: tf.Tensor, s: tf.Tensor, c: tf.Tensor, t: tf.Tensor) =>
  extremeSlopes(c, k, tf.mul(c, logRatio(t, s)));

/**
 * s, t and m − n in units of their sum, so that squares of them stay in range, with the sum of squares (s + t)² + (m −
 * n)².
 */
function cauchyParts(m: tf.Tensor, s: tf.Tensor, n: tf.Tensor, t: tf.Tensor) {
  const difference = tf.sub(m, n);
  const unit = stopGradient(tf.add(tf.add(s, t), tf.abs(difference))); // what follows does not depend on it
  const [sum, apart, d] = [tf.div(tf.add(s, t), unit), tf.div(tf.sub(s, t), unit), tf.div(difference, unit)];
  return {unit, sum, apart, d, squares: tf.add(tf.square(sum), tf.square(d))};
}

type Quantity = (m: tf.Tensor, s: tf.Tensor, n: tf.Tensor, t: tf.Tensor) => tf.Tensor;

const byCauchyScale =
  (side: 1 | -1): Quantity =>
  (m, s, n, t) => {
    const {sum, apart, d, squares} = cauchyParts(m, s, n, t);
    const change = tf.sub(tf.mul(tf.mul(apart, side), sum), tf.square(d));
    return tf.div(tf.div(change, squares), side === 1 ? s : t);
  };

const byCauchyLocation: Quantity = (m, s, n, t) => {
  const {unit, d, squares} = cauchyParts(m, s, n, t);
  return tf.div(tf.div(tf.mul(d, 2), squares), unit);
};

/** 1/(high − low) where [c, d] covers [a, b], else 0, which is a constant. */
const perLength = (
  low: tf.Tensor,
  high: tf.Tensor,
  a: tf.Tensor,
  b: tf.Tensor,
  c: tf.Tensor,
  d: tf.Tensor,
): tf.Tensor =>
  tf.reciprocal(select(tf.logicalAnd(tf.greaterEqual(a, c), tf.lessEqual(b, d)), tf.sub(high, low), Infinity));

const negated =
  (f: Quantity): Quantity =>
  (...x) =>
    tf.neg(f(...x));
const byNormalLocation: Quantity = (m, _s, n, t) => tf.div(tf.div(tf.sub(m, n), t), t);
const byLaplaceLocation: Quantity = (m, s, n, t) =>
  tf.neg(tf.div(tf.mul(signOf(tf.sub(m, n)), expm1(tf.neg(tf.div(distance(m, n), s)))), t));
const byGumbelLocation: Quantity = (m, s, n, t) => tf.neg(tf.div(gumbelSlopes(m, s, n, t).rise, t));

export const ratioExcessKernel: FunctionKernel<'x' | 'y'> = {
  kernelName: 'StRatioExcess',
  inputs: ['x', 'y'],
  scalar: scalar.ratioExcess,
  shader: shader.ratioExcessShader,
  partials: {x: (x, y) => tf.div(excess(x, y), x), y: (x, y) => tf.neg(tf.div(excess(x, y), y))},
};

export const lgammaRatioKernel: FunctionKernel<'x' | 'y'> = {
  kernelName: 'StLgammaRatio',
  inputs: ['x', 'y'],
  scalar: scalar.lgammaRatio,
  shader: shader.lgammaRatioShader,
  partials: {
    x: (x, y) => tf.div(digamma(tf.add(tf.div(x, y), 1)), y),
    y: (x, y) => tf.neg(tf.div(tf.mul(tf.div(x, y), digamma(tf.add(tf.div(x, y), 1))), y)),
  },
};

export const laplaceBendKernel: FunctionKernel<'d' | 's' | 't'> = {
  kernelName: 'StLaplaceBend',
  inputs: ['d', 's', 't'],
  scalar: scalar.laplaceBend,
  shader: shader.laplaceBendShader,
  partials: {
    d: (d, s, t) => tf.neg(tf.div(expm1(tf.neg(tf.div(d, s))), t)),
    s: (d, s, t) => tf.div(fall(tf.div(d, s)), t),
    t: (d, s, t) => tf.neg(tf.div(laplaceBend(d, s, t), t)),
  },
};

export const normalKlKernel: FunctionKernel<'m' | 's' | 'n' | 't'> = {
  kernelName: 'StNormalKl',
  inputs,
  scalar: scalar.normalKl,
  shader: shader.normalKlShader,
  partials: {
    m: byNormalLocation,
    s: (_m, s, _n, t) => tf.add(tf.div(excess(s, t), s), tf.div(excess(s, t), t)),
    n: negated(byNormalLocation),
    t: (m, s, n, t) => {
      const u = excess(s, t);
      return tf.neg(tf.div(tf.add(tf.mul(u, tf.add(u, 2)), tf.square(tf.div(tf.sub(m, n), t))), t));
    },
  },
};

export const laplaceKlKernel: FunctionKernel<'m' | 's' | 'n' | 't'> = {
  kernelName: 'StLaplaceKl',
  inputs,
  scalar: scalar.laplaceKl,
  shader: shader.laplaceKlShader,
  partials: {
    m: byLaplaceLocation,
    s: (m, s, n, t) => tf.add(tf.div(excess(s, t), s), tf.div(fall(tf.div(distance(m, n), s)), t)),
    n: negated(byLaplaceLocation),
    t: (m, s, n, t) => tf.neg(tf.div(tf.add(excess(s, t), laplaceBend(distance(m, n), s, t)), t)),
  },
};

export const gumbelKlKernel: FunctionKernel<'m' | 's' | 'n' | 't'> = {
  kernelName: 'StGumbelKl',
  inputs,
  scalar: scalar.gumbelKl,
  shader: shader.gumbelKlShader,
  partials: {
    m: byGumbelLocation,
    s: (m, s, n, t) => tf.div(gumbelSlopes(m, s, n, t).byLogRatio, s),
    n: negated(byGumbelLocation),
    t: (m, s, n, t) => {
      const {byLogRatio, rise, d} = gumbelSlopes(m, s, n, t);
      return tf.div(tf.sub(tf.mul(rise, d), byLogRatio), t);
    },
  },
};

export const weibullKlKernel: FunctionKernel<'m' | 's' | 'n' | 't'> = {
  // m, s, n, t are concentration and scale of the one and of the other
  kernelName: 'StWeibullKl',
  inputs,
  scalar: scalar.weibullKl,
  shader: shader.weibullKlShader,
  partials: {
    m: (k, s, c, t) => tf.neg(tf.div(weibullSlopes(k, s, c, t).byLogRatio, k)),
    s: (k, s, c, t) => tf.div(tf.mul(weibullSlopes(k, s, c, t).rise, c), s),
    n: (k, s, c, t) => {
      const {byLogRatio, rise} = weibullSlopes(k, s, c, t);
      return tf.sub(tf.div(byLogRatio, c), tf.mul(rise, logRatio(t, s)));
    },
    t: (k, s, c, t) => tf.neg(tf.div(tf.mul(weibullSlopes(k, s, c, t).rise, c), t)),
  },
};

export const cauchyKlKernel: FunctionKernel<'m' | 's' | 'n' | 't'> = {
  kernelName: 'StCauchyKl',
  inputs,
  scalar: scalar.cauchyKl,
  shader: shader.cauchyKlShader,
  partials: {m: byCauchyLocation, s: byCauchyScale(1), n: negated(byCauchyLocation), t: byCauchyScale(-1)},
};

export const uniformKlKernel: FunctionKernel<'m' | 's' | 'n' | 't'> = {
  // [m, s] and [n, t] are the two intervals
  kernelName: 'StUniformKl',
  inputs,
  scalar: scalar.uniformKl,
  shader: shader.uniformKlShader,
  partials: {
    m: (a, b, c, d) => perLength(a, b, a, b, c, d),
    s: (a, b, c, d) => tf.neg(perLength(a, b, a, b, c, d)),
    n: (a, b, c, d) => tf.neg(perLength(c, d, a, b, c, d)),
    t: (a, b, c, d) => perLength(c, d, a, b, c, d),
  },
};
