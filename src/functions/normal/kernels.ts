/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {
  normalDensity,
  erfcxDerivative,
  erfinv,
  erfinvSlope,
  expNegSquare,
  hazard,
  hazardExcess,
  ndtri,
  ndtriSlope,
} from './functions.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';
import * as inverse from './quantileShader.js';

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

export const expNegSquareKernel: FunctionKernel<'x'> = {
  kernelName: 'StExpNegSquare',
  inputs: ['x'],
  scalar: scalar.expNegSquare,
  shader: shader.expNegSquareShader,
  partials: {x: x => tf.mul(tf.mul(x, -2), expNegSquare(x))},
};

export const normalDensityKernel: FunctionKernel<'x'> = {
  kernelName: 'StNormalDensity',
  inputs: ['x'],
  scalar: scalar.normalDensity,
  shader: shader.densityShader,
  partials: {x: x => tf.neg(tf.mul(x, normalDensity(x)))},
};

export const erfKernel: FunctionKernel<'x'> = {
  kernelName: 'StErf',
  inputs: ['x'],
  scalar: scalar.erf,
  shader: shader.erfShader,
  partials: {x: x => tf.mul(expNegSquare(x), TWO_OVER_SQRT_PI)},
};

export const erfcKernel: FunctionKernel<'x'> = {
  kernelName: 'StErfc',
  inputs: ['x'],
  scalar: scalar.erfc,
  shader: shader.erfcShader,
  partials: {x: x => tf.mul(expNegSquare(x), -TWO_OVER_SQRT_PI)},
};

export const erfcxKernel: FunctionKernel<'x'> = {
  kernelName: 'StErfcx',
  inputs: ['x'],
  scalar: scalar.erfcx,
  shader: shader.erfcxShader,
  partials: {x: x => erfcxDerivative(x, 1)},
};

export const erfcxDerivativeKernel: FunctionKernel<'x' | 'n'> = {
  kernelName: 'StErfcxDerivative',
  inputs: ['x', 'n'],
  scalar: scalar.erfcxDerivative,
  shader: shader.erfcxDerivativeShader,
  partials: {n: 'none', x: (x, n) => erfcxDerivative(x, tf.add(n, 1))},
};

export const erfinvKernel: FunctionKernel<'y'> = {
  kernelName: 'StErfinv',
  inputs: ['y'],
  scalar: scalar.erfinv,
  shader: inverse.erfinvShader,
  partials: {y: y => erfinvSlope(y)},
};

export const erfinvSlopeKernel: FunctionKernel<'y'> = {
  // x'' = 2x x'²
  kernelName: 'StErfinvSlope',
  inputs: ['y'],
  scalar: scalar.erfinvSlope,
  shader: inverse.erfinvSlopeShader,
  partials: {y: y => tf.mul(tf.mul(erfinv(y), 2), tf.square(erfinvSlope(y)))},
};

export const ndtrKernel: FunctionKernel<'x'> = {
  kernelName: 'StNdtr',
  inputs: ['x'],
  scalar: scalar.ndtr,
  shader: shader.ndtrShader,
  partials: {x: x => normalDensity(x)},
};

export const logNdtrKernel: FunctionKernel<'x'> = {
  kernelName: 'StLogNdtr',
  inputs: ['x'],
  scalar: scalar.logNdtr,
  shader: shader.logNdtrShader,
  partials: {x: x => hazard(x)},
};

export const normalHazardKernel: FunctionKernel<'x'> = {
  // h' = −h(x + h)
  kernelName: 'StNormalHazard',
  inputs: ['x'],
  scalar: scalar.hazard,
  shader: shader.hazardShader,
  partials: {x: x => tf.neg(tf.mul(hazard(x), hazardExcess(x)))},
};

export const normalHazardExcessKernel: FunctionKernel<'x'> = {
  kernelName: 'StNormalHazardExcess',
  inputs: ['x'],
  scalar: scalar.hazardExcess,
  shader: shader.hazardExcessShader,
  partials: {x: x => tf.sub(1, tf.mul(hazard(x), hazardExcess(x)))},
};

export const ndtriKernel: FunctionKernel<'p'> = {
  kernelName: 'StNdtri',
  inputs: ['p'],
  scalar: scalar.ndtri,
  shader: inverse.ndtriShader,
  partials: {p: p => ndtriSlope(p)},
};

export const ndtriSlopeKernel: FunctionKernel<'p'> = {
  // z'' = z z'²
  kernelName: 'StNdtriSlope',
  inputs: ['p'],
  scalar: scalar.ndtriSlope,
  shader: inverse.ndtriSlopeShader,
  partials: {p: p => tf.mul(ndtri(p), tf.square(ndtriSlope(p)))},
};
