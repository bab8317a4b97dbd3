/**
 * The kernels of this folder's functions, each with its scalar, its shader and its derivatives. With s the slope of the
 * log-density and w = 1 / (1 + z²): s′ = s² − 2w and w′ = s·w.
 */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {cauchyQuantile, halfCauchyQuantile} from './functions.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shaders from './shader.js';

const slope = (z: tf.Tensor): tf.Tensor => apply('Cauchy', cauchyLogSlopeKernel, {z});
const weight = (z: tf.Tensor): tf.Tensor => apply('Cauchy', cauchyWeightKernel, {z});

export const cauchyLogDensityKernel: FunctionKernel<'z'> = {
  kernelName: 'StCauchyLogDensity',
  inputs: ['z'],
  scalar: scalar.cauchyLogDensity,
  shader: shaders.cauchyLogDensityShader,
  partials: {z: slope},
};

export const cauchyLogSlopeKernel: FunctionKernel<'z'> = {
  kernelName: 'StCauchyLogSlope',
  inputs: ['z'],
  scalar: scalar.cauchyLogSlope,
  shader: shaders.cauchyLogSlopeShader,
  partials: {z: z => tf.sub(tf.square(slope(z)), tf.mul(weight(z), 2))},
};

export const cauchyWeightKernel: FunctionKernel<'z'> = {
  kernelName: 'StCauchyWeight',
  inputs: ['z'],
  scalar: z => 1 / (1 + z * z),
  shader: shaders.cauchyWeightShader,
  partials: {z: z => tf.mul(slope(z), weight(z))},
};

export const cauchyCdfKernel: FunctionKernel<'z'> = {
  kernelName: 'StCauchyCdf',
  inputs: ['z'],
  scalar: scalar.cauchyCdf,
  shader: shaders.cauchyCdfShader,
  partials: {z: z => tf.mul(weight(z), 1 / Math.PI)},
};

export const cauchyQuantileKernel: FunctionKernel<'p'> = {
  kernelName: 'StCauchyQuantile',
  inputs: ['p'],
  scalar: scalar.cauchyQuantile,
  shader: shaders.cauchyQuantileShader,
  partials: {p: p => tf.mul(tf.add(tf.square(cauchyQuantile(p)), 1), Math.PI)},
};

export const halfCauchyCdfKernel: FunctionKernel<'z'> = {
  kernelName: 'StHalfCauchyCdf',
  inputs: ['z'],
  scalar: scalar.halfCauchyCdf,
  shader: shaders.halfCauchyCdfShader,
  partials: {z: z => tf.mul(weight(z), 2 / Math.PI)},
};

export const halfCauchyQuantileKernel: FunctionKernel<'p'> = {
  kernelName: 'StHalfCauchyQuantile',
  inputs: ['p'],
  scalar: scalar.halfCauchyQuantile,
  shader: shaders.halfCauchyQuantileShader,
  partials: {p: p => tf.mul(tf.add(tf.square(halfCauchyQuantile(p)), 1), Math.PI / 2)},
};
