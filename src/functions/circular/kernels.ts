/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {i0e, i0eMoment} from '../bessel/index.js';
import {vonMisesDraw, vonMisesQuantile} from './functions.js';
import * as scalar from './scalar.js';
import {vonMisesDensity, vonMisesSampleDerivative} from '../vonMises/index.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

/** E(1 − cos z) = 1 − I₁/I₀. */
const mean = (k: tf.Tensor) => tf.div(i0eMoment(k, 1), i0e(k));

export const vonMisesKlKernel: FunctionKernel<'a' | 'b'> = {
  kernelName: 'StVonMisesKl',
  inputs: ['a', 'b'],
  scalar: scalar.vonMisesKl,
  shader: shader.vonMisesKlShader,
  partials: {
    a: (a, b) => tf.mul(tf.sub(a, b), tf.sub(tf.div(i0eMoment(a, 2), i0e(a)), tf.square(mean(a)))),
    b: (a, b) => tf.sub(mean(a), mean(b)),
  },
};

export const vonMisesQuantileKernel: FunctionKernel<'p' | 'concentration'> = {
  kernelName: 'StVonMisesQuantile',
  inputs: ['p', 'concentration'],
  scalar: scalar.vonMisesQuantile,
  shader: shader.vonMisesQuantileShader,
  partials: {
    p: (p, k) => tf.reciprocal(vonMisesDensity(vonMisesQuantile(p, k), k)),
    concentration: (p, k) => vonMisesSampleDerivative(k, vonMisesQuantile(p, k)),
  },
};

export const vonMisesDrawKernel: FunctionKernel<'concentration' | 'z'> = {
  kernelName: 'StVonMisesDraw',
  inputs: ['concentration', 'z'],
  scalar: (_, z) => z,
  shader: {name: 'vonMisesDraw', source: () => 'fn vonMisesDraw(kappa: f32, z: f32) -> f32 { return z; }'},
  partials: {concentration: (k, z) => vonMisesSampleDerivative(k, vonMisesDraw(k, z)), z: 'zero'},
};
