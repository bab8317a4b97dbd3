/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {expm1, log1mexp, xlogy} from '../elementary/index.js';
import {
  expNeg,
  kumaraswamyLogDensity,
  kumaraswamySurvival,
  logitStandardised,
  logRatio,
  logStandardised,
  powerRatio,
} from './functions.js';
import {polygammaDifference} from '../gamma/index.js';
import {weigh} from '../masses/index.js';
import {select, signOf} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import {constantWhere} from '../constantWhere.js';
import * as shaders from './shader.js';

/** −(a ln x)'s part of the derivative of ln(1 − x^a): x^a / (1 − x^a). */
const odds = (x: tf.Tensor, a: tf.Tensor): tf.Tensor => {
  const log = tf.mul(a, logRatio(x, 1));
  return tf.neg(tf.div(tf.exp(log), expm1(log)));
};

/** The z below which e^{−z} leaves float32. */
const OVERFLOW = -88.72;

/** (k − 1)/x, 0 where k is 1. */
const over = (k: tf.Tensor, x: tf.Tensor): tf.Tensor => tf.div(tf.sub(k, 1), select(tf.equal(k, 1), 1, x));

/** x, ½ where b is 1: what it is then does not matter. */
const uneven = (x: tf.Tensor, b: tf.Tensor): tf.Tensor => select(tf.equal(b, 1), 0.5, x);

/** x^{a−1} / (1 − x^a), any number where b is 1. */
function oddsOver(x: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const at = uneven(x, b);
  return tf.neg(tf.div(powerRatio(at, 1, tf.sub(a, 1)), expm1(tf.mul(a, logRatio(at, 1)))));
}

/** x, ½ at the ends 0 and 1, and `value` there 0: the cdf is 0 or 1 at an end whatever the parameters. */
function betweenEnds(x: tf.Tensor, value: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const isEnd = tf.logicalOr(tf.equal(x, 0), tf.equal(x, 1));
  return select(isEnd, 0, value(select(isEnd, 0.5, x)));
}

/** The derivatives of 1 − (1 − x^a)^b: the density p, p x ln x / a and −(1 − x^a)^b ln(1 − x^a). */
const kumaraswamyTail = {
  x: (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.exp(kumaraswamyLogDensity(x, a, b)),
  a: (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
    betweenEnds(x, t => tf.div(tf.mul(tf.exp(kumaraswamyLogDensity(t, a, b)), xlogy(t, t)), a)),
  b: (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
    betweenEnds(x, t => tf.neg(tf.mul(kumaraswamySurvival(t, a, b), log1mexp(tf.mul(a, logRatio(t, 1)))))),
};

/** ψ(x + 2t) − ψ(x + t). */
const step = (x: tf.Tensor, t: tf.Tensor): tf.Tensor => polygammaDifference(0, tf.add(x, t), t);

/** ψ(x) − 2ψ(x + t) + ψ(x + 2t). */
const slopeOfCurve = (x: tf.Tensor, t: tf.Tensor): tf.Tensor => tf.sub(step(x, t), polygammaDifference(0, x, t));

export const logRatioKernel: FunctionKernel<'x' | 'y'> = {
  kernelName: 'StLogRatio',
  inputs: ['x', 'y'],
  scalar: scalar.logRatio,
  shader: shaders.logRatioShader,
  partials: {x: x => tf.reciprocal(x), y: (_, y) => tf.neg(tf.reciprocal(y))},
};

export const powerRatioKernel: FunctionKernel<'x' | 'y' | 'k'> = {
  kernelName: 'StPowerRatio',
  inputs: ['x', 'y', 'k'],
  scalar: scalar.powerRatio,
  shader: shaders.powerRatioShader,
  partials: {
    x: (x, y, k) => weigh(tf.div(k, y), powerRatio(x, y, tf.sub(k, 1))), // 0 for k = 0
    y: (x, y, k) => tf.neg(tf.mul(tf.div(k, y), powerRatio(x, y, k))),
    k: (x, y, k) => tf.sub(xlogy(powerRatio(x, y, k), x), tf.mul(powerRatio(x, y, k), tf.log(y))),
  },
};

export const logStandardisedKernel: FunctionKernel<'x' | 'loc' | 'scale'> = {
  kernelName: 'StLogStandardised',
  inputs: ['x', 'loc', 'scale'],
  scalar: scalar.logStandardised,
  shader: shaders.logStandardisedShader,
  partials: {
    x: (x, _, scale) => tf.reciprocal(tf.mul(x, scale)),
    loc: (_, __, scale) => tf.neg(tf.reciprocal(scale)),
    scale: (x, loc, scale) => tf.neg(tf.div(logStandardised(x, loc, scale), scale)),
  },
};

export const logitStandardisedKernel: FunctionKernel<'x' | 'loc' | 'scale'> = {
  kernelName: 'StLogitStandardised',
  inputs: ['x', 'loc', 'scale'],
  scalar: scalar.logitStandardised,
  shader: shaders.logitStandardisedShader,
  partials: {
    x: (x, _, scale) => tf.reciprocal(tf.mul(tf.mul(x, tf.sub(1, x)), scale)),
    loc: (_, __, scale) => tf.neg(tf.reciprocal(scale)),
    scale: (x, loc, scale) => tf.neg(tf.div(logitStandardised(x, loc, scale), scale)),
  },
};

export const logisticLogDensityKernel: FunctionKernel<'z'> = {
  kernelName: 'StLogisticLogDensity',
  inputs: ['z'],
  scalar: scalar.logisticLogDensity,
  shader: shaders.logisticLogDensityShader,
  partials: {z: z => tf.neg(tf.tanh(tf.mul(z, 0.5)))},
};

export const weibullLogDensityKernel: FunctionKernel<'x' | 'scale' | 'k'> = {
  kernelName: 'StWeibullLogDensity',
  inputs: ['x', 'scale', 'k'],
  scalar: scalar.weibullLogDensity,
  shader: shaders.weibullLogDensityShader,
  partials: constantWhere((x, _, k) => tf.logicalAnd(tf.equal(x, 0), tf.greater(k, 1)), 1, {
    x: (x, scale, k) => tf.sub(over(k, x), tf.mul(tf.div(k, scale), powerRatio(x, scale, tf.sub(k, 1)))),
    scale: (x, scale, k) => tf.mul(tf.div(k, scale), tf.sub(powerRatio(x, scale, k), 1)),
    k: (x, scale, k) => tf.add(tf.reciprocal(k), tf.mul(logRatio(x, scale), tf.sub(1, powerRatio(x, scale, k)))),
  }),
};

export const kumaraswamyLogDensityKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StKumaraswamyLogDensity',
  inputs: ['x', 'a', 'b'],
  scalar: scalar.kumaraswamyLogDensity,
  shader: shaders.kumaraswamyLogDensityShader,
  partials: constantWhere(
    (x, a, b) =>
      tf.logicalOr(tf.logicalAnd(tf.equal(x, 0), tf.greater(a, 1)), tf.logicalAnd(tf.equal(x, 1), tf.greater(b, 1))),
    0.5,
    {
      x: (x, a, b) => tf.sub(over(a, x), tf.mul(tf.mul(tf.sub(b, 1), a), oddsOver(x, a, b))),
      a: (x, a, b) =>
        tf.add(tf.reciprocal(a), tf.mul(logRatio(x, 1), tf.sub(1, tf.mul(tf.sub(b, 1), odds(uneven(x, b), a))))),
      b: (x, a, b) => tf.add(tf.reciprocal(b), log1mexp(tf.mul(a, logRatio(x, 1)))),
    },
  ),
};

export const kumaraswamyLogMomentKernel: FunctionKernel<'t' | 'b'> = {
  kernelName: 'StKumaraswamyLogMoment',
  inputs: ['t', 'b'],
  scalar: scalar.kumaraswamyLogMoment,
  shader: shaders.kumaraswamyLogMomentShader,
  partials: {
    t: (t, b) => tf.neg(polygammaDifference(0, tf.add(t, 1), b)),
    b: (t, b) => tf.neg(polygammaDifference(0, tf.add(b, 1), t)),
  },
};

export const expNegKernel: FunctionKernel<'z'> = {
  kernelName: 'StExpNeg',
  inputs: ['z'],
  scalar: z => Math.exp(-z),
  shader: shaders.expNegShader,
  partials: constantWhere(z => tf.less(z, OVERFLOW), 0, {z: z => tf.neg(expNeg(z))}),
};

export const laplaceLogDensityKernel: FunctionKernel<'z'> = {
  kernelName: 'StLaplaceLogDensity',
  inputs: ['z'],
  scalar: scalar.laplaceLogDensity,
  shader: shaders.laplaceLogDensityShader,
  partials: {z: z => tf.neg(signOf(z))},
};

export const kumaraswamyCdfKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StKumaraswamyCdf',
  inputs: ['x', 'a', 'b'],
  scalar: scalar.kumaraswamyCdf,
  shader: shaders.kumaraswamyCdfShader,
  partials: kumaraswamyTail,
};

export const kumaraswamySurvivalKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StKumaraswamySurvival',
  inputs: ['x', 'a', 'b'],
  scalar: scalar.kumaraswamySurvival,
  shader: shaders.kumaraswamySurvivalShader,
  partials: {
    x: (x, a, b) => tf.neg(kumaraswamyTail.x(x, a, b)),
    a: (x, a, b) => tf.neg(kumaraswamyTail.a(x, a, b)),
    b: (x, a, b) => tf.neg(kumaraswamyTail.b(x, a, b)),
  },
};

export const lgammaCurveKernel: FunctionKernel<'x' | 't'> = {
  kernelName: 'StLgammaCurve',
  inputs: ['x', 't'],
  scalar: scalar.lgammaCurve,
  shader: shaders.lgammaCurveShader,
  partials: {
    x: slopeOfCurve,
    t: (x, t) => tf.mul(step(x, t), 2),
  },
};

export const lgammaCurveDifferenceKernel: FunctionKernel<'x' | 'd' | 't'> = {
  kernelName: 'StLgammaCurveDifference',
  inputs: ['x', 'd', 't'],
  scalar: scalar.lgammaCurveDifference,
  shader: shaders.lgammaCurveDifferenceShader,
  partials: {
    x: (x, d, t) => tf.sub(slopeOfCurve(x, t), slopeOfCurve(tf.add(x, d), t)),
    d: (x, d, t) => tf.neg(slopeOfCurve(tf.add(x, d), t)),
    t: (x, d, t) => tf.mul(tf.sub(step(x, t), step(tf.add(x, d), t)), 2),
  },
};
