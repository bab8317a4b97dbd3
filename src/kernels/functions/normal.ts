/** Kernels of src/math/normal.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {
  density, erfcxDerivative, erfinv, erfinvSlope, expNegSquare, hazard, hazardExcess, ndtri, ndtriSlope,
} from '../../math/normal.js';
import * as scalar from '../../math/scalar/normal.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as shader from '../shaders/normal.js';
import * as inverse from '../shaders/normalQuantile.js';

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

export const normalKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StExpNegSquare', inputs: ['x'], scalar: scalar.expNegSquare, shader: shader.expNegSquareShader,
    partials: {x: x => tf.mul(tf.mul(x, -2), expNegSquare(x))},
  },
  {
    kernelName: 'StNormalDensity', inputs: ['x'], scalar: scalar.density, shader: shader.densityShader,
    partials: {x: x => tf.neg(tf.mul(x, density(x)))},
  },
  {
    kernelName: 'StErf', inputs: ['x'], scalar: scalar.erf, shader: shader.erfShader,
    partials: {x: x => tf.mul(expNegSquare(x), TWO_OVER_SQRT_PI)},
  },
  {
    kernelName: 'StErfc', inputs: ['x'], scalar: scalar.erfc, shader: shader.erfcShader,
    partials: {x: x => tf.mul(expNegSquare(x), -TWO_OVER_SQRT_PI)},
  },
  {
    kernelName: 'StErfcx', inputs: ['x'], scalar: scalar.erfcx, shader: shader.erfcxShader,
    partials: {x: x => erfcxDerivative(x, 1)},
  },
  {
    kernelName: 'StErfcxDerivative', inputs: ['x', 'n'], scalar: scalar.erfcxDerivative, shader: shader.erfcxDerivativeShader,
    partials: {x: (x, n) => erfcxDerivative(x, tf.add(n, 1))},
  },
  {
    kernelName: 'StErfinv', inputs: ['y'], scalar: scalar.erfinv, shader: inverse.erfinvShader,
    partials: {y: y => erfinvSlope(y)},
  },
  {
    // x'' = 2x x'²
    kernelName: 'StErfinvSlope', inputs: ['y'], scalar: scalar.erfinvSlope, shader: inverse.erfinvSlopeShader,
    partials: {y: y => tf.mul(tf.mul(erfinv(y), 2), tf.square(erfinvSlope(y)))},
  },
  {
    kernelName: 'StNdtr', inputs: ['x'], scalar: scalar.ndtr, shader: shader.ndtrShader,
    partials: {x: x => density(x)},
  },
  {
    kernelName: 'StLogNdtr', inputs: ['x'], scalar: scalar.logNdtr, shader: shader.logNdtrShader,
    partials: {x: x => hazard(x)},
  },
  {
    // h' = −h(x + h)
    kernelName: 'StNormalHazard', inputs: ['x'], scalar: scalar.hazard, shader: shader.hazardShader,
    partials: {x: x => tf.neg(tf.mul(hazard(x), hazardExcess(x)))},
  },
  {
    kernelName: 'StNormalHazardExcess', inputs: ['x'], scalar: scalar.hazardExcess, shader: shader.hazardExcessShader,
    partials: {x: x => tf.sub(1, tf.mul(hazard(x), hazardExcess(x)))},
  },
  {
    kernelName: 'StNdtri', inputs: ['p'], scalar: scalar.ndtri, shader: inverse.ndtriShader,
    partials: {p: p => ndtriSlope(p)},
  },
  {
    // z'' = z z'²
    kernelName: 'StNdtriSlope', inputs: ['p'], scalar: scalar.ndtriSlope, shader: inverse.ndtriSlopeShader,
    partials: {p: p => tf.mul(ndtri(p), tf.square(ndtriSlope(p)))},
  },
];
