/** Kernels of src/math/incompleteGamma.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {gammaDensity, gammaScore, logMinusDigamma, polygamma} from '../../math/gamma.js';
import {
  gammaHazardSlope, gammaLowerHazard, gammaSampleCurvature, gammaSampleDerivative, gammaUpperHazard, igammacInv, igammacInvSlope, igammaInv, igammaInvSlope,
  igammaShapeDerivative,  logGammaSampleCurvature, logGammaSampleDerivative, logIgammacShapeDerivative, logIgammaShapeDerivative,
} from '../../math/incompleteGamma.js';
import * as inverse from '../../math/scalar/gammaQuantile.js';
import * as scalar from '../../math/scalar/incompleteGamma.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as quantile from '../shaders/gammaQuantile.js';
import * as hazards from '../shaders/gammaHazards.js';
import * as shader from '../shaders/incompleteGamma.js';

type TwoInputs = (a: tf.Tensor, x: tf.Tensor) => tf.Tensor;

const density: TwoInputs = (a, x) => gammaDensity(x, a);
const negative = (f: TwoInputs): TwoInputs => (a, x) => tf.neg(f(a, x));

type Slope = (order: 1 | 2, a: tf.Tensor, x: tf.Tensor) => tf.Tensor;

/** Kernels of F = P or Q in logarithms: ln F, its two derivatives by a, r = p/F, and the derivatives of ln r by a and x. */
function logKernels(of: 'lower' | 'upper', logF: string, slope: Slope, functions: LogFunctions): FunctionKernel[] {
  const upper = of === 'upper';
  const hazard = upper ? gammaUpperHazard : gammaLowerHazard;
  const rate: TwoInputs = upper ? negative(hazard) : hazard; // ∂ ln F/∂x
  const byA: TwoInputs = (a, x) => gammaHazardSlope(of, 'a', a, x);
  const byX: TwoInputs = (a, x) => gammaHazardSlope(of, 'x', a, x);
  const curvature: TwoInputs = (a, x) => tf.neg(tf.add(polygamma(1, a), slope(2, a, x))); // of ln r by a
  const mixed: TwoInputs = (a, x) => tf.sub(tf.reciprocal(x), tf.mul(rate(a, x), byA(a, x)));
  const partials: ReadonlyArray<Record<string, TwoInputs>> = [
    {a: (a, x) => slope(1, a, x), x: rate},
    {a: (a, x) => slope(2, a, x), x: (a, x) => tf.mul(rate(a, x), byA(a, x))},
    {x: (a, x) => tf.mul(rate(a, x), tf.add(tf.square(byA(a, x)), curvature(a, x)))},
    {a: (a, x) => tf.mul(hazard(a, x), byA(a, x)), x: (a, x) => tf.mul(hazard(a, x), byX(a, x))},
    {a: curvature, x: mixed},
    {a: mixed, x: (a, x) => tf.sub(tf.div(tf.div(tf.sub(1, a), x), x), tf.mul(rate(a, x), byX(a, x)))},
  ];
  const tail = upper ? 'Upper' : 'Lower';
  const names = [logF, `${logF}Da`, `${logF}Daa`, `StGamma${tail}Hazard`, `StGamma${tail}HazardSlopeA`, `StGamma${tail}HazardSlopeX`];
  return names.map((kernelName, i) => ({kernelName, inputs: ['a', 'x'], ...functions[i]!, partials: partials[i]!}));
}

type LogFunctions = ReadonlyArray<Pick<FunctionKernel, 'scalar' | 'shader'>>;

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
  ...logKernels('lower', 'StLogIgamma', logIgammaShapeDerivative, [
    {scalar: scalar.logIgamma, shader: shader.logIgammaShader},
    {scalar: scalar.logIgammaDa, shader: hazards.logIgammaDaShader},
    {scalar: scalar.logIgammaDaa, shader: hazards.logIgammaDaaShader},
    {scalar: scalar.lowerHazard, shader: hazards.lowerHazardShader},
    {scalar: (a, x) => scalar.hazardSlopeA(false, a, x), shader: hazards.lowerHazardSlopeAShader},
    {scalar: (a, x) => scalar.hazardSlopeX(false, a, x), shader: hazards.lowerHazardSlopeXShader},
  ]),
  ...logKernels('upper', 'StLogIgammac', logIgammacShapeDerivative, [
    {scalar: scalar.logIgammac, shader: shader.logIgammacShader},
    {scalar: scalar.logIgammacDa, shader: hazards.logIgammacDaShader},
    {scalar: scalar.logIgammacDaa, shader: hazards.logIgammacDaaShader},
    {scalar: scalar.upperHazard, shader: hazards.upperHazardShader},
    {scalar: (a, x) => scalar.hazardSlopeA(true, a, x), shader: hazards.upperHazardSlopeAShader},
    {scalar: (a, x) => scalar.hazardSlopeX(true, a, x), shader: hazards.upperHazardSlopeXShader},
  ]),
  {
    kernelName: 'StIgammaInv', inputs: ['a', 'p'], scalar: inverse.igammaInv, shader: quantile.igammaInvShader,
    partials: {a: (a, p) => gammaSampleDerivative(a, igammaInv(a, p)), p: (a, p) => igammaInvSlope(a, p)},
  },
  {
    kernelName: 'StIgammacInv', inputs: ['a', 'q'], scalar: inverse.igammacInv, shader: quantile.igammacInvShader,
    partials: {a: (a, q) => gammaSampleDerivative(a, igammacInv(a, q)), q: (a, q) => tf.neg(igammacInvSlope(a, q))},
  },
  {
    kernelName: 'StIgammaInvSlope', inputs: ['a', 'p'], scalar: inverse.igammaInvSlope, shader: quantile.igammaInvSlopeShader,
    partials: {
      a: (a, p) => slopeByShape(a, igammaInv(a, p), igammaInvSlope(a, p)),
      p: (a, p) => slopeAgain(a, igammaInv(a, p), igammaInvSlope(a, p)),
    },
  },
  {
    kernelName: 'StIgammacInvSlope', inputs: ['a', 'q'], scalar: inverse.igammacInvSlope, shader: quantile.igammacInvSlopeShader,
    partials: {
      a: (a, q) => slopeByShape(a, igammacInv(a, q), igammacInvSlope(a, q)),
      q: (a, q) => tf.neg(slopeAgain(a, igammacInv(a, q), igammacInvSlope(a, q))),
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

/** The derivative of the slope s = 1/p(x) by a at a fixed quantile: s·∂(dx/da)/∂x. */
function slopeByShape(a: tf.Tensor, x: tf.Tensor, slope: tf.Tensor): tf.Tensor {
  return tf.mul(slope, gammaSampleCurvature('z', a, x));
}

/** The derivative of the slope s = 1/p(x) by P: −s² p'(x)/p(x). */
function slopeAgain(a: tf.Tensor, x: tf.Tensor, slope: tf.Tensor): tf.Tensor {
  return tf.neg(tf.mul(tf.square(slope), gammaScore(x, a)));
}
