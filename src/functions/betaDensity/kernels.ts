/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {betaScoreA, betaScoreB, betaSlope} from './functions.js';
import {polygamma, polygammaDifference} from '../gamma/index.js';
import {select} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import {constantWhere} from '../constantWhere.js';
import * as shader from './shader.js';

const inputs = ['x', 'a', 'b'] as const;

/** (1 − c)/x², 0 where c is 1. */
function curvature(c: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const at = select(tf.equal(c, 1), 1, x);
  return tf.div(tf.div(tf.sub(1, c), at), at);
}

/** Where the density is 0: at an end whose exponent is greater than 0. */
const isZero = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.logicalOr(tf.logicalAnd(tf.equal(x, 0), tf.greater(a, 1)), tf.logicalAnd(tf.equal(x, 1), tf.greater(b, 1)));

export const betaLogDensityKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StBetaLogDensity',
  inputs,
  scalar: scalar.betaLogDensity,
  shader: shader.betaLogDensityShader,
  partials: constantWhere(isZero, 0.5, {x: betaSlope, a: betaScoreA, b: betaScoreB}),
};

export const betaSlopeKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StBetaSlope',
  inputs,
  scalar: scalar.betaSlope,
  shader: shader.betaSlopeShader,
  partials: {
    x: (x, a, b) => tf.add(curvature(a, x), curvature(b, tf.sub(1, x))),
    a: x => tf.reciprocal(x),
    b: x => tf.neg(tf.reciprocal(tf.sub(1, x))),
  },
};

export const betaScoreAKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StBetaScoreA',
  inputs,
  scalar: scalar.betaScoreA,
  shader: shader.betaScoreAShader,
  partials: {
    x: x => tf.reciprocal(x),
    a: (_x, a, b) => polygammaDifference(1, a, b),
    b: (_x, a, b) => polygamma(1, tf.add(a, b)),
  },
};

export const betaScoreBKernel: FunctionKernel<'x' | 'a' | 'b'> = {
  kernelName: 'StBetaScoreB',
  inputs,
  scalar: scalar.betaScoreB,
  shader: shader.betaScoreBShader,
  partials: {
    x: x => tf.neg(tf.reciprocal(tf.sub(1, x))),
    a: (_x, a, b) => polygamma(1, tf.add(a, b)),
    b: (_x, a, b) => polygammaDifference(1, b, a),
  },
};
