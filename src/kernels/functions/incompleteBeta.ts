/** Kernels of src/math/incompleteBeta.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../math/apply.js';
import {betaLogDensity, betaScoreA, betaScoreB, betaSlope} from '../../math/betaDensity.js';
import {betaincInv, betaSampleDerivativeA, betaSampleDerivativeB} from '../../math/incompleteBeta.js';
import {weigh} from '../../math/masses.js';
import * as scalar from '../../math/scalar/incompleteBeta.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import {constantWhere} from '../elementwise/edges.js';
import * as derivatives from '../shaders/betaDerivatives.js';
import * as shader from '../shaders/incompleteBeta.js';

type Ternary = (a: tf.Tensor, b: tf.Tensor, x: tf.Tensor) => tf.Tensor;

const inputs = ['a', 'b', 'x'];
const call = (kernelName: string): Ternary => (a, b, x) => apply(kernelName, kernelName, {a, b, x});
const density: Ternary = (a, b, x) => tf.exp(betaLogDensity(x, a, b));
const scoreA: Ternary = (a, b, x) => betaScoreA(x, a, b);
const scoreB: Ternary = (a, b, x) => betaScoreB(x, a, b);
const slope: Ternary = (a, b, x) => betaSlope(x, a, b);
/** f·g, 0 where the density or hazard f is 0 though g be infinite. */
const times = (f: Ternary, g: Ternary): Ternary => (a, b, x) => weigh(f(a, b, x), g(a, b, x));
const minus = (f: Ternary, g: Ternary): Ternary => (a, b, x) => tf.sub(f(a, b, x), g(a, b, x));
const negative = (f: Ternary): Ternary => (a, b, x) => tf.neg(f(a, b, x));

/** The kernels of one share of the mass: itself and its logarithm with their derivatives. */
function shareKernels(upper: boolean): FunctionKernel[] {
  const c = upper ? 'c' : '';
  const side = upper ? negative : (f: Ternary) => f;
  const hazard = call(`StBetaHazard${c}`);
  const log = (by: string) => call(`StLogBetainc${c}D${by}`);
  const second = (by: 'aa' | 'ab' | 'bb'): FunctionKernel => ({
    kernelName: `StLogBetainc${c}D${by}`, inputs, partials: {},
    scalar: (a, b, x) => scalar.logBetaincDerivative(by, upper, a, b, x), shader: derivatives.logBetaincDerivativeShader(by, upper),
  });
  const first = (by: 'a' | 'b', score: Ternary): FunctionKernel => ({
    kernelName: `StLogBetainc${c}D${by}`, inputs,
    scalar: (a, b, x) => scalar.logBetaincDerivative(by, upper, a, b, x), shader: derivatives.logBetaincDerivativeShader(by, upper),
    partials: {a: log(by === 'a' ? 'aa' : 'ab'), b: log(by === 'a' ? 'ab' : 'bb'), x: side(times(hazard, minus(score, log(by))))},
  });
  return [
    {
      kernelName: `StBetainc${c}`, inputs, scalar: upper ? scalar.betaincc : scalar.betainc,
      shader: upper ? shader.betainccShader : shader.betaincShader,
      partials: {a: side(call('StBetaincDa')), b: side(call('StBetaincDb')), x: side(density)},
    },
    {
      kernelName: `StLogBetainc${c}`, inputs, scalar: upper ? scalar.logBetaincc : scalar.logBetainc,
      shader: upper ? shader.logBetainccShader : shader.logBetaincShader,
      partials: constantWhere((_a, _b, x) => tf.equal(x, upper ? 1 : 0), 0.5, {a: log('a'), b: log('b'), x: side(hazard)}, 2),
    },
    {
      kernelName: `StBetaHazard${c}`, inputs, scalar: (a, b, x) => scalar.betaHazard(upper, a, b, x), shader: shader.betaHazardShader(upper),
      partials: {
        a: times(hazard, minus(scoreA, log('a'))),
        b: times(hazard, minus(scoreB, log('b'))),
        x: times(hazard, minus(slope, side(hazard))),
      },
    },
    first('a', scoreA), first('b', scoreB), second('aa'), second('ab'), second('bb'),
  ];
}

/** ∂I/∂a and ∂I/∂b, and the second derivatives. */
const derivativeKernels: FunctionKernel[] = (['a', 'b', 'aa', 'ab', 'bb'] as const).map((by): FunctionKernel => ({
  kernelName: `StBetaincD${by}`, inputs,
  scalar: (a, b, x) => scalar.betaincDerivative(by, a, b, x), shader: derivatives.betaincDerivativeShader(by),
  partials: by === 'a' ? {a: call('StBetaincDaa'), b: call('StBetaincDab'), x: times(density, scoreA)}
    : by === 'b' ? {a: call('StBetaincDab'), b: call('StBetaincDbb'), x: times(density, scoreB)} : {},
}));

/** The derivative D of a draw by one parameter, and the derivatives of that: −F_aa/p − D ∂ ln p/∂a and so on. */
function sampleKernels(draw: 'a' | 'b'): FunctionKernel[] {
  const name = `StBetaSampleDerivative${draw.toUpperCase()}`;
  const bends = (['a', 'b', 'x'] as const).map((by): FunctionKernel => ({
    kernelName: `${name}D${by}`, inputs, partials: {},
    scalar: (a, b, x) => scalar.betaSampleBend(draw, by, a, b, x), shader: derivatives.betaSampleBendShader(draw, by),
  }));
  return [
    {
      kernelName: name, inputs, scalar: (a, b, x) => scalar.betaSampleDerivative(draw, a, b, x), shader: derivatives.betaSampleDerivativeShader(draw),
      partials: {a: call(`${name}Da`), b: call(`${name}Db`), x: call(`${name}Dx`)},
    },
    ...bends,
  ];
}

export const incompleteBetaKernels: readonly FunctionKernel[] = [
  ...shareKernels(false), ...shareKernels(true), ...derivativeKernels, ...sampleKernels('a'), ...sampleKernels('b'),
  {
    kernelName: 'StBetaincInv', inputs: ['a', 'b', 'p'], scalar: scalar.betaincInv, shader: shader.betaincInvShader,
    partials: {
      a: (a, b, p) => betaSampleDerivativeA(a, b, betaincInv(a, b, p)),
      b: (a, b, p) => betaSampleDerivativeB(a, b, betaincInv(a, b, p)),
      p: (a, b, p) => tf.exp(tf.neg(betaLogDensity(betaincInv(a, b, p), a, b))),
    },
  },
];
