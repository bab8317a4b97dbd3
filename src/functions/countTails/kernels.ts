/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {binomialTails, geometricTails, negativeBinomialTails, poissonTails} from './functions.js';
import {poissonLogMass} from '../gamma/index.js';
import {binomialLogMass, negativeBinomialLogMass} from '../masses/index.js';
import {select} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import {log1mexp} from '../elementary/scalar.js';
import {binomialLogMassOfProbs, negativeBinomialLogMassOfProbs, successLogMass} from '../successes/index.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import {constantWhere} from '../constantWhere.js';
import {countTailShaders, countTailShadersOfProbs, geometricTailShaders, poissonTailShaders} from './shader.js';

/** The inputs of the kernels of binomial counts. */
type CountInputs = [k: tf.Tensor, n: tf.Tensor, logits: tf.Tensor];
/** F, ln F and 1 − F. */
export interface TailKernels<I extends string> {
  readonly cdf: FunctionKernel<I>;
  readonly logCdf: FunctionKernel<I>;
  readonly survival: FunctionKernel<I>;
}

type Scalar = (k: number, n: number, l: number) => number;

const inputs = ['k', 'n', 'logits'] as const;
const p = (l: tf.Tensor) => tf.sigmoid(l);

/** The kernels of one family, whose F has the derivative −factor·P(k) by the logits. */
function tailKernels(
  family: 'Binomial' | 'NegativeBinomial',
  logMass: (...t: CountInputs) => tf.Tensor,
  factor: (...t: CountInputs) => tf.Tensor,
  logCdf: (...t: CountInputs) => tf.Tensor,
  logOf: {cdf: Scalar; survival: Scalar},
): TailKernels<'k' | 'n' | 'logits'> {
  const shader = countTailShaders(family);
  const slope = (...t: CountInputs) => tf.mul(factor(...t), tf.exp(logMass(...t)));
  // of whole k, so that there is no derivative by it
  const kernel = (
    part: 'Cdf' | 'LogCdf' | 'Survival',
    of: Scalar,
    logits: (...t: CountInputs) => tf.Tensor,
  ): FunctionKernel<'k' | 'n' | 'logits'> => ({
    kernelName: `St${family}${part}`,
    inputs,
    scalar: of,
    shader: shader[part],
    partials: constantWhere(
      (_k, _n, l) => tf.greater(tf.abs(l), 3e38),
      0,
      {k: 'zero', n: 'none', logits: (k, n, l) => logits(k, n, l)},
      2,
    ), // p is 0 or 1
  });
  return {
    cdf: kernel(
      'Cdf',
      (...x: [number, number, number]) => Math.exp(logOf.cdf(...x)),
      (...t) => tf.neg(slope(...t)),
    ),
    logCdf: kernel('LogCdf', logOf.cdf, (...t) =>
      tf.neg(tf.mul(factor(...t), tf.exp(tf.sub(logMass(...t), logCdf(...t))))),
    ),
    survival: kernel('Survival', (...x: [number, number, number]) => Math.exp(logOf.survival(...x)), slope),
  };
}

/**
 * The same by the probability, where F has the derivative −slope, slope = e^logSlope; a constant where p = 1 makes F 0,
 * as its logarithm is −∞.
 */
function tailKernelsOfProbs(
  family: 'Binomial' | 'NegativeBinomial',
  logSlope: (...t: CountInputs) => tf.Tensor,
  logCdf: (...t: CountInputs) => tf.Tensor,
  logOf: {cdf: Scalar; survival: Scalar},
): TailKernels<'k' | 'n' | 'p'> {
  const shader = countTailShadersOfProbs(family);
  const slope = (...t: CountInputs) => tf.exp(logSlope(...t));
  const kernel = (
    part: 'Cdf' | 'LogCdf' | 'Survival',
    of: Scalar,
    byProbs: (...t: CountInputs) => tf.Tensor,
  ): FunctionKernel<'k' | 'n' | 'p'> => {
    const partials: FunctionKernel<'k' | 'n' | 'p'>['partials'] = {
      k: 'zero',
      n: 'none',
      p: (k, n, p) => byProbs(k, n, p),
    };
    const mayEnd = part === 'LogCdf' || family === 'NegativeBinomial'; // in −∞, or in no probability
    return {
      kernelName: `St${family}${part}OfProbs`,
      inputs: ['k', 'n', 'p'],
      scalar: (k, n, p) => of(k, n, scalar.logit(p)),
      shader: shader[part],
      partials: mayEnd ? constantWhere((_k, _n, p) => tf.equal(p, 1), 0.5, partials, 2) : partials,
    };
  };
  return {
    cdf: kernel(
      'Cdf',
      (...x: [number, number, number]) => Math.exp(logOf.cdf(...x)),
      (...t) => tf.neg(slope(...t)),
    ),
    logCdf: kernel('LogCdf', logOf.cdf, (...t) => tf.neg(tf.exp(tf.sub(logSlope(...t), logCdf(...t))))),
    survival: kernel('Survival', (...x: [number, number, number]) => Math.exp(logOf.survival(...x)), slope),
  };
}

/** ln of n times the mass of k in n − 1 trials, −∞ from k = n on. */
function binomialLogSlope(k: tf.Tensor, n: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const isBelow = tf.less(k, n);
  const rest = select(isBelow, tf.sub(n, 1), 0);
  const value = tf.add(tf.log(select(isBelow, n, 1)), binomialLogMassOfProbs(select(isBelow, k, 0), rest, p));
  return select(isBelow, value, -Infinity);
}

/** ln of (k + n)/(1 − p) times the mass of k. */
const negativeBinomialLogSlope = (k: tf.Tensor, n: tf.Tensor, p: tf.Tensor): tf.Tensor =>
  tf.sub(tf.add(tf.log(tf.add(k, n)), negativeBinomialLogMassOfProbs(k, n, p)), successLogMass(0, 1, p));

/** (k + 1)(1 − p)^k, the derivative of F of a geometric distribution by p. */
const geometricSlope = (k: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mul(tf.add(k, 1), tf.exp(successLogMass(0, k, p)));

const geometricKernel = (
  part: 'Cdf' | 'LogCdf' | 'Survival',
  of: (logSurvival: number) => number,
  p: (k: tf.Tensor, p: tf.Tensor) => tf.Tensor,
): FunctionKernel<'k' | 'p'> => ({
  kernelName: `StGeometric${part}`,
  inputs: ['k', 'p'],
  scalar: (k, x) => of(scalar.geometricLogSurvival(k, x)),
  shader: geometricTailShaders[part],
  partials: {k: 'zero', p},
});

/** Of the Poisson distribution F has the derivative −rate·P(k) by the logarithm of the rate. */
const rateTimesMass = (k: tf.Tensor, l: tf.Tensor) => tf.exp(tf.add(l, poissonLogMass(k, l)));

const poissonKernel = (
  part: 'Cdf' | 'LogCdf' | 'Survival',
  of: (k: number, l: number) => number,
  logRate: (k: tf.Tensor, l: tf.Tensor) => tf.Tensor,
): FunctionKernel<'k' | 'logRate'> => ({
  kernelName: `StPoisson${part}`,
  inputs: ['k', 'logRate'],
  scalar: of,
  shader: poissonTailShaders[part],
  partials: {k: 'zero', logRate},
});

const logOfBinomial = {cdf: scalar.binomialLogCdf, survival: scalar.binomialLogSurvival};
const logOfNegativeBinomial = {cdf: scalar.negativeBinomialLogCdf, survival: scalar.negativeBinomialLogSurvival};

export const binomialKernels = {
  ofLogits: /* @__PURE__ */ tailKernels(
    'Binomial',
    binomialLogMass,
    (k, n, l) => tf.mul(tf.relu(tf.sub(n, k)), p(l)),
    (...t) => binomialTails.ofLogits.logCdf(...t),
    logOfBinomial,
  ),
  ofProbs: /* @__PURE__ */ tailKernelsOfProbs(
    'Binomial',
    binomialLogSlope,
    (...t) => binomialTails.ofProbs.logCdf(...t),
    logOfBinomial,
  ),
};

export const negativeBinomialKernels = {
  ofLogits: /* @__PURE__ */ tailKernels(
    'NegativeBinomial',
    negativeBinomialLogMass,
    (k, n, l) => tf.mul(tf.add(n, k), p(l)),
    (...t) => negativeBinomialTails.ofLogits.logCdf(...t),
    logOfNegativeBinomial,
  ),
  ofProbs: /* @__PURE__ */ tailKernelsOfProbs(
    'NegativeBinomial',
    negativeBinomialLogSlope,
    (...t) => negativeBinomialTails.ofProbs.logCdf(...t),
    logOfNegativeBinomial,
  ),
};

export const geometricKernels: TailKernels<'k' | 'p'> = {
  cdf: /* @__PURE__ */ geometricKernel('Cdf', s => -Math.expm1(s), geometricSlope),
  logCdf: /* @__PURE__ */ geometricKernel('LogCdf', log1mexp, (k, x) =>
    tf.div(geometricSlope(k, x), geometricTails.cdf(k, x)),
  ),
  survival: /* @__PURE__ */ geometricKernel('Survival', Math.exp, (k, x) => tf.neg(geometricSlope(k, x))),
};

export const poissonKernels: TailKernels<'k' | 'logRate'> = {
  cdf: /* @__PURE__ */ poissonKernel('Cdf', scalar.poissonCdf, (k, l) => tf.neg(rateTimesMass(k, l))),
  logCdf: /* @__PURE__ */ poissonKernel('LogCdf', scalar.poissonLogCdf, (k, l) =>
    tf.neg(tf.exp(tf.sub(tf.add(l, poissonLogMass(k, l)), poissonTails.logCdf(k, l)))),
  ),
  survival: /* @__PURE__ */ poissonKernel('Survival', scalar.poissonSurvival, rateTimesMass),
};
