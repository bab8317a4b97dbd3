/**
 * Kernels of src/math/bessel.ts. With M_n = i0eMoment(x, n) and x > 0: i0e = M₀, i1e = M₀ − M₁, M_n' = −M_{n+1}, so that nothing
 * cancels for large x.
 */
import * as tf from '@tensorflow/tfjs-core';
import {i0eMoment} from '../../math/bessel.js';
import {signOf} from '../../math/numerics.js';
import * as scalar from '../../math/scalar/bessel.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as shader from '../shaders/bessel.js';

export const besselKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StI0e', inputs: ['x'], scalar: scalar.i0e, shader: shader.i0eShader,
    partials: {x: x => tf.neg(tf.mul(signOf(x), i0eMoment(x, 1)))},
  },
  {
    kernelName: 'StI1e', inputs: ['x'], scalar: scalar.i1e, shader: shader.i1eShader,
    partials: {x: x => tf.sub(i0eMoment(x, 2), i0eMoment(x, 1))},
  },
  {
    kernelName: 'StI0eMoment', inputs: ['x', 'n'], scalar: scalar.i0eMoment, shader: shader.i0eMomentShader,
    partials: {x: (x, n) => tf.neg(tf.mul(signOf(x), i0eMoment(x, tf.add(n, 1))))},
  },
];
