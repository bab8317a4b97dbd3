/**
 * Kernels of Bessel functions. With M_n = i0eMoment(x, n) and x > 0: i0e = M₀, i1e = M₀ − M₁, M_n' = −M_{n+1}, so that
 * nothing cancels for large x.
 */
import * as tf from '@tensorflow/tfjs-core';
import {i0eMoment} from './functions.js';
import {signOf} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

export const i0eKernel: FunctionKernel<'x'> = {
  kernelName: 'StI0e',
  inputs: ['x'],
  scalar: scalar.i0e,
  shader: shader.i0eShader,
  partials: {x: x => tf.neg(tf.mul(signOf(x), i0eMoment(x, 1)))},
};

export const i1eKernel: FunctionKernel<'x'> = {
  kernelName: 'StI1e',
  inputs: ['x'],
  scalar: scalar.i1e,
  shader: shader.i1eShader,
  partials: {x: x => tf.sub(i0eMoment(x, 2), i0eMoment(x, 1))},
};

export const i0eMomentKernel: FunctionKernel<'x' | 'n'> = {
  kernelName: 'StI0eMoment',
  inputs: ['x', 'n'],
  scalar: scalar.i0eMoment,
  shader: shader.i0eMomentShader,
  partials: {n: 'none', x: (x, n) => tf.neg(tf.mul(signOf(x), i0eMoment(x, tf.add(n, 1))))},
};
