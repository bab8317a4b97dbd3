/** Kernels of src/math/elementary.ts. */
import * as tf from '@tensorflow/tfjs-core';
import type {FunctionKernel} from '../elementwise/definition.js';
import {expm1Shader, log1pShader} from '../shaders/elementary.js';

export const elementaryKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StExpm1', inputs: ['x'], scalar: Math.expm1, shader: expm1Shader,
    partials: {x: x => tf.exp(x)},
  },
  {
    kernelName: 'StLog1p', inputs: ['x'], scalar: Math.log1p, shader: log1pShader,
    partials: {x: x => tf.reciprocal(tf.add(x, 1))},
  },
];
