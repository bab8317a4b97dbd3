/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {betaLogDensity, betaScoreA, betaScoreB, betaSlope} from '../betaDensity/index.js';
import {betaincInv, betaSampleDerivativeA, betaSampleDerivativeB} from './functions.js';
import {weigh} from '../masses/index.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import {constantWhere} from '../constantWhere.js';
import * as derivatives from './derivativesShader.js';
import * as shader from './shader.js';

type Ternary = (a: tf.Tensor, b: tf.Tensor, x: tf.Tensor) => tf.Tensor;

/** A kernel of a, b and x, as I_x(a, b) takes them. */
type BetaKernel = FunctionKernel<'a' | 'b' | 'x'>;

const inputs = ['a', 'b', 'x'] as const;
const call =
  (kernel: () => BetaKernel): Ternary =>
  (a, b, x) =>
    apply('betainc', kernel(), {a, b, x});
const density: Ternary = (a, b, x) => tf.exp(betaLogDensity(x, a, b));
const scoreA: Ternary = (a, b, x) => betaScoreA(x, a, b);
const scoreB: Ternary = (a, b, x) => betaScoreB(x, a, b);
const slope: Ternary = (a, b, x) => betaSlope(x, a, b);
/** f·g, 0 where the density or hazard f is 0 though g be infinite. */
const times =
  (f: Ternary, g: Ternary): Ternary =>
  (a, b, x) =>
    weigh(f(a, b, x), g(a, b, x));
const minus =
  (f: Ternary, g: Ternary): Ternary =>
  (a, b, x) =>
    tf.sub(f(a, b, x), g(a, b, x));
const negative =
  (f: Ternary): Ternary =>
  (a, b, x) =>
    tf.neg(f(a, b, x));

/** ∂I/∂a and ∂I/∂b, and the second derivatives. */
const derivative = (by: 'a' | 'b' | 'aa' | 'ab' | 'bb', partials: BetaKernel['partials']): BetaKernel => ({
  kernelName: `StBetaincD${by}`,
  inputs,
  partials,
  scalar: (a, b, x) => scalar.betaincDerivative(by, a, b, x),
  shader: derivatives.betaincDerivativeShader(by),
});
const none = {a: 'none', b: 'none', x: 'none'} as const;
const derivativeKernels: Readonly<Record<'a' | 'b' | 'aa' | 'ab' | 'bb', BetaKernel>> = {
  a: /* @__PURE__ */ derivative('a', {
    a: call(() => derivativeKernels.aa),
    b: call(() => derivativeKernels.ab),
    x: times(density, scoreA),
  }),
  b: /* @__PURE__ */ derivative('b', {
    a: call(() => derivativeKernels.ab),
    b: call(() => derivativeKernels.bb),
    x: times(density, scoreB),
  }),
  aa: /* @__PURE__ */ derivative('aa', none),
  ab: /* @__PURE__ */ derivative('ab', none),
  bb: /* @__PURE__ */ derivative('bb', none),
};

/** Of one share of the mass: itself and its logarithm, with the derivatives of that. */
interface ShareKernels {
  readonly share: BetaKernel;
  readonly log: BetaKernel;
  /** The density over the share. */
  readonly hazard: BetaKernel;
  readonly logBy: Readonly<Record<'a' | 'b' | 'aa' | 'ab' | 'bb', BetaKernel>>;
}

function shareKernels(upper: boolean): ShareKernels {
  const c = upper ? 'c' : '';
  const side = upper ? negative : (f: Ternary) => f;
  const hazard = call(() => kernels.hazard);
  const log = (by: 'a' | 'b' | 'aa' | 'ab' | 'bb') => call(() => kernels.logBy[by]);
  const logBy = (by: 'a' | 'b' | 'aa' | 'ab' | 'bb', partials: BetaKernel['partials']): BetaKernel => ({
    kernelName: `StLogBetainc${c}D${by}`,
    inputs,
    partials,
    scalar: (a, b, x) => scalar.logBetaincDerivative(by, upper, a, b, x),
    shader: derivatives.logBetaincDerivativeShader(by, upper),
  });
  const kernels: ShareKernels = {
    share: {
      kernelName: `StBetainc${c}`,
      inputs,
      scalar: upper ? scalar.betaincc : scalar.betainc,
      shader: upper ? shader.betainccShader : shader.betaincShader,
      partials: {a: side(call(() => derivativeKernels.a)), b: side(call(() => derivativeKernels.b)), x: side(density)},
    },
    log: {
      kernelName: `StLogBetainc${c}`,
      inputs,
      scalar: upper ? scalar.logBetaincc : scalar.logBetainc,
      shader: upper ? shader.logBetainccShader : shader.logBetaincShader,
      partials: constantWhere(
        (_a, _b, x) => tf.equal(x, upper ? 1 : 0),
        0.5,
        {a: log('a'), b: log('b'), x: side(hazard)},
        2,
      ),
    },
    hazard: {
      kernelName: `StBetaHazard${c}`,
      inputs,
      scalar: (a, b, x) => scalar.betaHazard(upper, a, b, x),
      shader: shader.betaHazardShader(upper),
      partials: {
        a: times(hazard, minus(scoreA, log('a'))),
        b: times(hazard, minus(scoreB, log('b'))),
        x: times(hazard, minus(slope, side(hazard))),
      },
    },
    logBy: {
      a: logBy('a', {a: log('aa'), b: log('ab'), x: side(times(hazard, minus(scoreA, log('a'))))}),
      b: logBy('b', {a: log('ab'), b: log('bb'), x: side(times(hazard, minus(scoreB, log('b'))))}),
      aa: logBy('aa', none),
      ab: logBy('ab', none),
      bb: logBy('bb', none),
    },
  };
  return kernels;
}

export const lowerShareKernels = /* @__PURE__ */ shareKernels(false);
export const upperShareKernels = /* @__PURE__ */ shareKernels(true);

/** The derivative D of a draw by one parameter; the derivatives of that are −F_aa/p − D ∂ ln p/∂a and so on. */
function sampleKernel(draw: 'a' | 'b'): BetaKernel {
  const name = `StBetaSampleDerivative${draw.toUpperCase()}`;
  const bend = (by: 'a' | 'b' | 'x'): Ternary => {
    const kernel: BetaKernel = {
      kernelName: `${name}D${by}`,
      inputs,
      partials: none,
      scalar: (a, b, x) => scalar.betaSampleBend(draw, by, a, b, x),
      shader: derivatives.betaSampleBendShader(draw, by),
    };
    return call(() => kernel);
  };
  return {
    kernelName: name,
    inputs,
    scalar: (a, b, x) => scalar.betaSampleDerivative(draw, a, b, x),
    shader: derivatives.betaSampleDerivativeShader(draw),
    partials: {a: bend('a'), b: bend('b'), x: bend('x')},
  };
}

export const betaSampleDerivativeAKernel = /* @__PURE__ */ sampleKernel('a');
export const betaSampleDerivativeBKernel = /* @__PURE__ */ sampleKernel('b');

export const betaincInvKernel: FunctionKernel<'a' | 'b' | 'p'> = {
  kernelName: 'StBetaincInv',
  inputs: ['a', 'b', 'p'],
  scalar: scalar.betaincInv,
  shader: shader.betaincInvShader,
  partials: {
    a: (a, b, p) => betaSampleDerivativeA(a, b, betaincInv(a, b, p)),
    b: (a, b, p) => betaSampleDerivativeB(a, b, betaincInv(a, b, p)),
    p: (a, b, p) => tf.exp(tf.neg(betaLogDensity(betaincInv(a, b, p), a, b))),
  },
};
