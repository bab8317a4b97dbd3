/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {
  digamma,
  gammaDensity,
  gammaScore,
  logMinusDigamma,
  poissonScore,
  polygamma,
  polygammaDifference,
  stirlingErrorDerivative,
} from './functions.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';
import * as density from './densityShader.js';
import {polygammaDifferenceShader, polygammaShader} from './polygammaShader.js';

/** p/x/x: the square of a small x would be 0. */
const overSquare = (p: tf.Tensor, x: tf.Tensor) => tf.div(tf.div(p, x), x);

export const lgammaKernel: FunctionKernel<'x'> = {
  kernelName: 'StLgamma',
  inputs: ['x'],
  scalar: scalar.lgamma,
  shader: shader.lgammaShader,
  partials: {x: x => digamma(x)},
};

export const digammaKernel: FunctionKernel<'x'> = {
  kernelName: 'StDigamma',
  inputs: ['x'],
  scalar: scalar.digamma,
  shader: shader.digammaShader,
  partials: {x: x => polygamma(1, x)},
};

export const polygammaKernel: FunctionKernel<'n' | 'x'> = {
  kernelName: 'StPolygamma',
  inputs: ['n', 'x'],
  scalar: scalar.polygamma,
  shader: polygammaShader,
  partials: {n: 'none', x: (n, x) => polygamma(tf.add(n, 1), x)},
};

export const polygammaDifferenceKernel: FunctionKernel<'n' | 'x' | 'd'> = {
  kernelName: 'StPolygammaDifference',
  inputs: ['n', 'x', 'd'],
  scalar: scalar.polygammaDifference,
  shader: polygammaDifferenceShader,
  partials: {
    n: 'none',
    x: (n, x, d) => polygammaDifference(tf.add(n, 1), x, d),
    d: (n, x, d) => polygamma(tf.add(n, 1), tf.add(x, d)),
  },
};

export const lbetaKernel: FunctionKernel<'a' | 'b'> = {
  kernelName: 'StLbeta',
  inputs: ['a', 'b'],
  scalar: scalar.lbeta,
  shader: shader.lbetaShader,
  partials: {a: (a, b) => tf.neg(polygammaDifference(0, a, b)), b: (a, b) => tf.neg(polygammaDifference(0, b, a))},
};

export const stirlingErrorDerivativeKernel: FunctionKernel<'n' | 'x'> = {
  kernelName: 'StStirlingErrorDerivative',
  inputs: ['n', 'x'],
  scalar: scalar.stirlingErrorDerivative,
  shader: shader.stirlingErrorDerivativeShader,
  partials: {n: 'none', x: (n, x) => stirlingErrorDerivative(tf.add(n, 1), x)},
};

export const gammaLogDensityKernel: FunctionKernel<'x' | 'a'> = {
  kernelName: 'StGammaLogDensity',
  inputs: ['x', 'a'],
  scalar: scalar.gammaLogDensity,
  shader: density.gammaLogDensityShader,
  partials: {x: (x, a) => gammaScore(x, a), a: (x, a) => logMinusDigamma(x, a)},
};

export const gammaDensityKernel: FunctionKernel<'x' | 'a'> = {
  kernelName: 'StGammaDensity',
  inputs: ['x', 'a'],
  scalar: scalar.gammaDensity,
  shader: density.gammaDensityShader,
  partials: {
    x: (x, a) => tf.mul(gammaDensity(x, a), gammaScore(x, a)),
    a: (x, a) => tf.mul(gammaDensity(x, a), logMinusDigamma(x, a)),
  },
};

export const gammaScoreKernel: FunctionKernel<'x' | 'a'> = {
  kernelName: 'StGammaScore',
  inputs: ['x', 'a'],
  scalar: scalar.gammaScore,
  shader: density.gammaScoreShader,
  partials: {x: (x, a) => overSquare(tf.sub(1, a), x), a: x => tf.reciprocal(x)},
};

export const logMinusDigammaKernel: FunctionKernel<'x' | 'a'> = {
  kernelName: 'StLogMinusDigamma',
  inputs: ['x', 'a'],
  scalar: scalar.logMinusDigamma,
  shader: density.logMinusDigammaShader,
  partials: {x: x => tf.reciprocal(x), a: (_, a) => tf.neg(polygamma(1, a))},
};

export const poissonLogMassKernel: FunctionKernel<'k' | 'logRate'> = {
  kernelName: 'StPoissonLogMass',
  inputs: ['k', 'logRate'],
  scalar: scalar.poissonLogMass,
  shader: density.poissonLogMassShader,
  partials: {
    k: (k, logRate) => tf.sub(logRate, digamma(tf.add(k, 1))),
    logRate: (k, logRate) => poissonScore(k, logRate),
  },
};

export const poissonScoreKernel: FunctionKernel<'k' | 'logRate'> = {
  kernelName: 'StPoissonScore',
  inputs: ['k', 'logRate'],
  scalar: scalar.poissonScore,
  shader: density.poissonScoreShader,
  partials: {k: k => tf.onesLike(k), logRate: (_, logRate) => tf.neg(tf.exp(logRate))},
};
