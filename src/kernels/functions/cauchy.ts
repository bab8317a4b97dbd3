/** Kernels of src/math/cauchy.ts. With s the slope of the log-density and w = 1 / (1 + z²): s′ = s² − 2w and w′ = s·w. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../math/apply.js';
import {cauchyQuantile, halfCauchyQuantile} from '../../math/cauchy.js';
import * as scalar from '../../math/scalar/cauchy.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as shaders from '../shaders/cauchy.js';

const slope = (z: tf.Tensor): tf.Tensor => apply('Cauchy', 'StCauchyLogSlope', {z});
const weight = (z: tf.Tensor): tf.Tensor => apply('Cauchy', 'StCauchyWeight', {z});

export const cauchyKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StCauchyLogDensity', inputs: ['z'], scalar: scalar.cauchyLogDensity, shader: shaders.cauchyLogDensityShader,
    partials: {z: slope},
  },
  {
    kernelName: 'StCauchyLogSlope', inputs: ['z'], scalar: scalar.cauchyLogSlope, shader: shaders.cauchyLogSlopeShader,
    partials: {z: z => tf.sub(tf.square(slope(z)), tf.mul(weight(z), 2))},
  },
  {
    kernelName: 'StCauchyWeight', inputs: ['z'], scalar: z => 1 / (1 + z * z), shader: shaders.cauchyWeightShader,
    partials: {z: z => tf.mul(slope(z), weight(z))},
  },
  {
    kernelName: 'StCauchyCdf', inputs: ['z'], scalar: scalar.cauchyCdf, shader: shaders.cauchyCdfShader,
    partials: {z: z => tf.mul(weight(z), 1 / Math.PI)},
  },
  {
    kernelName: 'StCauchyQuantile', inputs: ['p'], scalar: scalar.cauchyQuantile, shader: shaders.cauchyQuantileShader,
    partials: {p: p => tf.mul(tf.add(tf.square(cauchyQuantile(p)), 1), Math.PI)},
  },
  {
    kernelName: 'StHalfCauchyCdf', inputs: ['z'], scalar: scalar.halfCauchyCdf, shader: shaders.halfCauchyCdfShader,
    partials: {z: z => tf.mul(weight(z), 2 / Math.PI)},
  },
  {
    kernelName: 'StHalfCauchyQuantile', inputs: ['p'], scalar: scalar.halfCauchyQuantile, shader: shaders.halfCauchyQuantileShader,
    partials: {p: p => tf.mul(tf.add(tf.square(halfCauchyQuantile(p)), 1), Math.PI / 2)},
  },
];
