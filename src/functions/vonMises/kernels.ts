/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {i0e, i0eMoment} from '../bessel/index.js';
import {select} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import {
  sine,
  versine,
  vonMisesDensity,
  vonMisesLogCdf,
  vonMisesLogDensity,
  vonMisesSampleCurvature,
  vonMisesSampleDerivative,
} from './functions.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

/** 1 − cos x less its mean: −∂ ln p/∂κ. */
const excess = (x: tf.Tensor, concentration: tf.Tensor) =>
  tf.sub(versine(x), tf.div(i0eMoment(concentration, 1), i0e(concentration)));

/** p/F, 0 where both are. */
function logSlope(x: tf.Tensor, k: tf.Tensor): tf.Tensor {
  const logCdf = vonMisesLogCdf(x, k);
  return tf.exp(tf.sub(vonMisesLogDensity(x, k), select(tf.less(logCdf, -3e38), Infinity, logCdf)));
}

export const sineKernel: FunctionKernel<'x'> = {
  kernelName: 'StSine',
  inputs: ['x'],
  scalar: Math.sin,
  shader: shader.sineShader,
  partials: {x: x => tf.sub(1, versine(x))},
};

export const versineKernel: FunctionKernel<'x'> = {
  kernelName: 'StVersine',
  inputs: ['x'],
  scalar: scalar.versine,
  shader: shader.versineShader,
  partials: {x: x => sine(x)},
};

export const vonMisesDensityKernel: FunctionKernel<'x' | 'concentration'> = {
  kernelName: 'StVonMisesDensity',
  inputs: ['x', 'concentration'],
  scalar: scalar.vonMisesDensity,
  shader: shader.vonMisesDensityShader,
  partials: {
    x: (x, k) => tf.neg(tf.mul(tf.mul(k, sine(x)), vonMisesDensity(x, k))),
    concentration: (x, k) => tf.neg(tf.mul(excess(x, k), vonMisesDensity(x, k))),
  },
};

export const vonMisesCdfKernel: FunctionKernel<'x' | 'concentration'> = {
  kernelName: 'StVonMisesCdf',
  inputs: ['x', 'concentration'],
  scalar: scalar.vonMisesCdf,
  shader: shader.vonMisesCdfShader,
  partials: {
    x: (x, k) => vonMisesDensity(x, k),
    concentration: (x, k) => tf.neg(tf.mul(vonMisesDensity(x, k), vonMisesSampleDerivative(k, x))),
  },
};

export const vonMisesLogCdfKernel: FunctionKernel<'x' | 'concentration'> = {
  kernelName: 'StVonMisesLogCdf',
  inputs: ['x', 'concentration'],
  scalar: scalar.vonMisesLogCdf,
  shader: shader.vonMisesLogCdfShader,
  partials: {
    x: logSlope,
    concentration: (x, k) => tf.neg(tf.mul(logSlope(x, k), vonMisesSampleDerivative(k, x))),
  },
};

export const vonMisesSampleDerivativeKernel: FunctionKernel<'concentration' | 'z'> = {
  // With s = −(∂F/∂κ)/p: ∂s/∂z = −∂ ln p/∂κ − s ∂ ln p/∂z
  kernelName: 'StVonMisesSampleDerivative',
  inputs: ['concentration', 'z'],
  scalar: scalar.vonMisesSampleDerivative,
  shader: shader.vonMisesSampleDerivativeShader,
  partials: {
    concentration: (k, z) => vonMisesSampleCurvature(k, z),
    z: (k, z) => tf.add(excess(z, k), tf.mul(tf.mul(k, sine(z)), vonMisesSampleDerivative(k, z))),
  },
};

export const vonMisesSampleCurvatureKernel: FunctionKernel<'concentration' | 'z'> = {
  kernelName: 'StVonMisesSampleCurvature',
  inputs: ['concentration', 'z'],
  scalar: scalar.vonMisesSampleCurvature,
  shader: shader.vonMisesSampleCurvatureShader,
  partials: {z: 'none', concentration: 'none'},
};
