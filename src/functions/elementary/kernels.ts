/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {expm1, log1mexp, log1mexpExp, log1p, logNegLog1mexp, safeLog} from './functions.js';
import {LEAST, select, signOf, withDerivative} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

/** −x/(1 + x) and −1/(1 + x)², which the rule for quotients would give as a difference. */
const log1pmxSlope = withDerivative(
  x => tf.neg(tf.div(x, tf.add(x, 1))),
  x => tf.neg(tf.reciprocal(tf.square(tf.add(x, 1)))),
);

/** 1/x, 0 where that would overflow. */
const inverse = (x: tf.Tensor) => tf.reciprocal(select(tf.less(x, LEAST), Infinity, x));

/** y, and `instead` where both x and y are at the corner (0, corner). */
const awayFrom = (corner: number, instead: number, x: tf.Tensor, y: tf.Tensor) =>
  select(tf.logicalAnd(tf.equal(x, 0), tf.equal(y, corner)), instead, y);

/** e^{−a}/(1 − e^{−a}) with the sign of x, a = |x|; 0 at 0. */
function log1mexpSlope(x: tf.Tensor): tf.Tensor {
  const less = tf.neg(tf.abs(select(tf.equal(x, 0), Infinity, x)));
  return tf.neg(tf.mul(signOf(x), tf.div(tf.exp(less), expm1(less))));
}

/** σ(x), whose derivative σ(x) σ(−x) is right where σ(x) rounds to 1. */
const logistic: (x: tf.Tensor) => tf.Tensor = withDerivative(tf.sigmoid, x => tf.mul(logistic(x), logistic(tf.neg(x))));

/** σ(a − b), ½ where both are the same infinity. */
function shareOf(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const same = tf.logicalAnd(tf.equal(a, b), tf.greater(tf.abs(a), 3.4e38));
  return logistic(select(same, 0, tf.sub(a, b)));
}

export const expm1Kernel: FunctionKernel<'x'> = {
  kernelName: 'StExpm1',
  inputs: ['x'],
  scalar: Math.expm1,
  shader: shader.expm1Shader,
  partials: {x: x => tf.exp(x)},
};

export const log1pKernel: FunctionKernel<'x'> = {
  kernelName: 'StLog1p',
  inputs: ['x'],
  scalar: Math.log1p,
  shader: shader.log1pShader,
  partials: {x: x => tf.reciprocal(tf.add(x, 1))},
};

export const log1pmxKernel: FunctionKernel<'x'> = {
  kernelName: 'StLog1pmx',
  inputs: ['x'],
  scalar: scalar.log1pmx,
  shader: shader.log1pmxShader,
  partials: {x: log1pmxSlope},
};

export const expm1mxKernel: FunctionKernel<'x'> = {
  kernelName: 'StExpm1mx',
  inputs: ['x'],
  scalar: scalar.expm1mx,
  shader: shader.expm1mxShader,
  partials: {x: x => expm1(x)},
};

export const logKernel: FunctionKernel<'x'> = {
  kernelName: 'StLog',
  inputs: ['x'],
  scalar: Math.log,
  shader: shader.logShader,
  partials: {x: inverse},
};

export const xlogyKernel: FunctionKernel<'x' | 'y'> = {
  kernelName: 'StXlogy',
  inputs: ['x', 'y'],
  scalar: scalar.xlogy,
  shader: shader.xlogyShader,
  partials: {x: (x, y) => safeLog(awayFrom(0, 1, x, y)), y: (x, y) => tf.div(x, awayFrom(0, 1, x, y))},
};

export const xlog1pyKernel: FunctionKernel<'x' | 'y'> = {
  kernelName: 'StXlog1py',
  inputs: ['x', 'y'],
  scalar: scalar.xlog1py,
  shader: shader.xlog1pyShader,
  partials: {x: (x, y) => log1p(awayFrom(-1, 0, x, y)), y: (x, y) => tf.div(x, tf.add(awayFrom(-1, 0, x, y), 1))},
};

export const log1mexpKernel: FunctionKernel<'x'> = {
  kernelName: 'StLog1mexp',
  inputs: ['x'],
  scalar: scalar.log1mexp,
  shader: shader.log1mexpShader,
  partials: {x: log1mexpSlope},
};

export const log1mexpExpKernel: FunctionKernel<'x'> = {
  kernelName: 'StLog1mexpExp',
  inputs: ['x'],
  scalar: scalar.log1mexpExp,
  shader: shader.log1mexpExpShader,
  partials: {x: x => tf.exp(tf.sub(tf.sub(x, tf.exp(x)), log1mexpExp(x)))},
};

export const logNegLog1mexpKernel: FunctionKernel<'x'> = {
  kernelName: 'StLogNegLog1mexp',
  inputs: ['x'],
  scalar: scalar.logNegLog1mexp,
  shader: shader.logNegLog1mexpShader,
  partials: {x: x => tf.exp(tf.sub(tf.sub(x, log1mexp(x)), logNegLog1mexp(x)))},
};

export const logAddExpKernel: FunctionKernel<'a' | 'b'> = {
  kernelName: 'StLogAddExp',
  inputs: ['a', 'b'],
  scalar: scalar.logAddExp,
  shader: shader.logAddExpShader,
  partials: {a: (a, b) => shareOf(a, b), b: (a, b) => shareOf(b, a)},
};

export const softplusInverseKernel: FunctionKernel<'x'> = {
  kernelName: 'StSoftplusInverse',
  inputs: ['x'],
  scalar: scalar.softplusInverse,
  shader: shader.softplusInverseShader,
  partials: {x: x => tf.neg(tf.reciprocal(expm1(tf.neg(x))))},
};
