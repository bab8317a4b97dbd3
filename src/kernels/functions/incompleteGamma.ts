/** Kernels of src/math/incompleteGamma.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {gammaLogDensity, gammaScore, logMinusDigamma, polygamma} from '../../math/gamma.js';
import {
  gammaSampleCurvature, gammaSampleDerivative, igammacInv, igammaInv, igammaShapeDerivative, logGammaSampleCurvature,
  logGammaSampleDerivative, logIgamma, logIgammac, logIgammacShapeDerivative, logIgammaShapeDerivative,
} from '../../math/incompleteGamma.js';
import * as inverse from '../../math/scalar/gammaQuantile.js';
import * as scalar from '../../math/scalar/incompleteGamma.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as quantile from '../shaders/gammaQuantile.js';
import * as shader from '../shaders/incompleteGamma.js';

type TwoInputs = (a: tf.Tensor, x: tf.Tensor) => tf.Tensor;

const density: TwoInputs = (a, x) => tf.exp(gammaLogDensity(x, a));
const negative = (f: TwoInputs): TwoInputs => (a, x) => tf.neg(f(a, x));

/** Kernels of ln P or ln Q: the function, its derivative by a and the second one. */
function logKernels(
    name: string, f: TwoInputs, slope: (order: 1 | 2, a: tf.Tensor, x: tf.Tensor) => tf.Tensor, sign: 1 | -1,
    scalars: ReadonlyArray<FunctionKernel['scalar']>, shaders: ReadonlyArray<FunctionKernel['shader']>): FunctionKernel[] {
  // p/P or −p/Q
  const hazard: TwoInputs = (a, x) => tf.mul(sign, tf.exp(tf.sub(gammaLogDensity(x, a), f(a, x))));
  const excess: TwoInputs = (a, x) => tf.sub(logMinusDigamma(x, a), slope(1, a, x));
  const kernel = (i: number, partials: FunctionKernel['partials']): FunctionKernel =>
    ({kernelName: `St${name}${['', 'Da', 'Daa'][i]}`, inputs: ['a', 'x'], scalar: scalars[i]!, shader: shaders[i]!, partials});
  return [
    kernel(0, {a: (a, x) => slope(1, a, x), x: (a, x) => hazard(a, x)}),
    kernel(1, {a: (a, x) => slope(2, a, x), x: (a, x) => tf.mul(hazard(a, x), excess(a, x))}),
    kernel(2, {x: (a, x) => tf.mul(hazard(a, x), tf.sub(tf.square(excess(a, x)), tf.add(polygamma(1, a), slope(2, a, x))))}),
  ];
}

export const incompleteGammaKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StIgamma', inputs: ['a', 'x'], scalar: scalar.igamma, shader: shader.igammaShader,
    partials: {a: (a, x) => igammaShapeDerivative(1, a, x), x: density},
  },
  {
    kernelName: 'StIgammac', inputs: ['a', 'x'], scalar: scalar.igammac, shader: shader.igammacShader,
    partials: {a: negative((a, x) => igammaShapeDerivative(1, a, x)), x: negative(density)},
  },
  {
    kernelName: 'StIgammaDa', inputs: ['a', 'x'], scalar: scalar.igammaDa, shader: shader.igammaDaShader,
    partials: {a: (a, x) => igammaShapeDerivative(2, a, x), x: (a, x) => tf.mul(density(a, x), logMinusDigamma(x, a))},
  },
  {
    kernelName: 'StIgammaDaa', inputs: ['a', 'x'], scalar: scalar.igammaDaa, shader: shader.igammaDaaShader,
    partials: {x: (a, x) => tf.mul(density(a, x), tf.sub(tf.square(logMinusDigamma(x, a)), polygamma(1, a)))},
  },
  ...logKernels(
    'LogIgamma', logIgamma, logIgammaShapeDerivative, 1, [scalar.logIgamma, scalar.logIgammaDa, scalar.logIgammaDaa],
    [shader.logIgammaShader, shader.logIgammaDaShader, shader.logIgammaDaaShader]),
  ...logKernels(
    'LogIgammac', logIgammac, logIgammacShapeDerivative, -1, [scalar.logIgammac, scalar.logIgammacDa, scalar.logIgammacDaa],
    [shader.logIgammacShader, shader.logIgammacDaShader, shader.logIgammacDaaShader]),
  {
    kernelName: 'StIgammaInv', inputs: ['a', 'p'], scalar: inverse.igammaInv, shader: quantile.igammaInvShader,
    partials: {
      a: (a, p) => gammaSampleDerivative(a, igammaInv(a, p)),
      p: (a, p) => tf.exp(tf.neg(gammaLogDensity(igammaInv(a, p), a))),
    },
  },
  {
    kernelName: 'StIgammacInv', inputs: ['a', 'q'], scalar: inverse.igammacInv, shader: quantile.igammacInvShader,
    partials: {
      a: (a, q) => gammaSampleDerivative(a, igammacInv(a, q)),
      q: (a, q) => tf.neg(tf.exp(tf.neg(gammaLogDensity(igammacInv(a, q), a)))),
    },
  },
  {
    kernelName: 'StGammaSampleDerivative', inputs: ['a', 'z'], scalar: inverse.gammaSampleDerivative, shader: quantile.gammaSampleDerivativeShader,
    partials: {a: (a, z) => gammaSampleCurvature('a', a, z), z: (a, z) => gammaSampleCurvature('z', a, z)},
  },
  {
    kernelName: 'StGammaSampleDerivativeDa', inputs: ['a', 'z'], scalar: inverse.gammaSampleDerivativeDa,
    shader: quantile.gammaSampleDerivativeDaShader,
    partials: {z: (a, z) => mixedCurvature(a, z)},
  },
  {
    kernelName: 'StGammaSampleDerivativeDz', inputs: ['a', 'z'], scalar: inverse.gammaSampleDerivativeDz,
    shader: quantile.gammaSampleDerivativeDzShader,
    partials: {
      a: (a, z) => mixedCurvature(a, z),
      // −1/z − g′s − g s′ for the derivative g and the score s = (a − 1)/z − 1
      z: (a, z) => tf.sub(
        tf.div(tf.sub(tf.mul(gammaSampleDerivative(a, z), tf.div(tf.sub(a, 1), z)), 1), z),
        tf.mul(gammaSampleCurvature('z', a, z), gammaScore(z, a))),
    },
  },
  {
    kernelName: 'StLogGammaSampleDerivative', inputs: ['a', 'logZ'], scalar: inverse.logGammaSampleDerivative,
    shader: quantile.logGammaSampleDerivativeShader,
    partials: {a: (a, y) => logGammaSampleCurvature('a', a, y), logZ: (a, y) => logGammaSampleCurvature('logZ', a, y)},
  },
  {
    kernelName: 'StLogGammaSampleDerivativeDa', inputs: ['a', 'logZ'], scalar: inverse.logGammaSampleDerivativeDa,
    shader: quantile.logGammaSampleDerivativeDaShader,
    partials: {logZ: (a, y) => mixedLogCurvature(a, y)},
  },
  {
    kernelName: 'StLogGammaSampleDerivativeDz', inputs: ['a', 'logZ'], scalar: inverse.logGammaSampleDerivativeDz,
    shader: quantile.logGammaSampleDerivativeDzShader,
    partials: {
      a: (a, y) => mixedLogCurvature(a, y),
      // the derivative of ψ(a) − y − k (a − e^y)
      logZ: (a, y) => {
        const z = tf.exp(y);
        return tf.sub(tf.sub(tf.mul(logGammaSampleDerivative(a, y), z), 1), tf.mul(logGammaSampleCurvature('logZ', a, y), tf.sub(a, z)));
      },
    },
  },
];

/** The derivative of ψ(a) − ln z − g·((a − 1)/z − 1) by a. */
function mixedCurvature(a: tf.Tensor, z: tf.Tensor): tf.Tensor {
  const moved = tf.add(tf.mul(gammaSampleCurvature('a', a, z), gammaScore(z, a)), tf.div(gammaSampleDerivative(a, z), z));
  return tf.sub(polygamma(1, a), moved);
}

/** The derivative of ψ(a) − y − k·(a − e^y) by a. */
function mixedLogCurvature(a: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const moved = tf.add(tf.mul(logGammaSampleCurvature('a', a, y), tf.sub(a, tf.exp(y))), logGammaSampleDerivative(a, y));
  return tf.sub(polygamma(1, a), moved);
}
