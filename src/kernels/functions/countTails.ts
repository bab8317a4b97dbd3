/** Kernels of src/math/countTails.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {binomialTails, geometricTails, negativeBinomialTails, poissonTails} from '../../math/countTails.js';
import {poissonLogMass} from '../../math/gamma.js';
import {binomialLogMass, negativeBinomialLogMass} from '../../math/masses.js';
import {select} from '../../math/numerics.js';
import * as scalar from '../../math/scalar/countTails.js';
import {log1mexp} from '../../math/scalar/elementary.js';
import {binomialLogMassOfProbs, negativeBinomialLogMassOfProbs, successLogMass} from '../../math/successes.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import {constantWhere} from '../elementwise/edges.js';
import {countTailShaders, countTailShadersOfProbs, geometricTailShaders, poissonTailShaders} from '../shaders/countTails.js';

type Tensors = [k: tf.Tensor, n: tf.Tensor, logits: tf.Tensor];
type Scalar = (k: number, n: number, l: number) => number;

const inputs = ['k', 'n', 'logits'];
const p = (l: tf.Tensor) => tf.sigmoid(l);

/** The kernels of one family, whose F has the derivative −factor·P(k) by the logits. */
function tailKernels(
    family: 'Binomial' | 'NegativeBinomial', logMass: (...t: Tensors) => tf.Tensor, factor: (...t: Tensors) => tf.Tensor,
    logCdf: (...t: Tensors) => tf.Tensor, logOf: {cdf: Scalar; survival: Scalar}): FunctionKernel[] {
  const shader = countTailShaders(family);
  const slope = (...t: Tensors) => tf.mul(factor(...t), tf.exp(logMass(...t)));
  // of whole k, so that there is no derivative by it
  const kernel = (part: 'Cdf' | 'LogCdf' | 'Survival', of: Scalar, logits: (...t: Tensors) => tf.Tensor): FunctionKernel => ({
    kernelName: `St${family}${part}`, inputs, scalar: of, shader: shader[part],
    partials: constantWhere((_k, _n, l) => tf.greater(tf.abs(l), 3e38), 0, {k: 'zero', logits: (k, n, l) => logits(k, n, l)}, 2), // p is 0 or 1
  });
  return [
    kernel('Cdf', (...x: [number, number, number]) => Math.exp(logOf.cdf(...x)), (...t) => tf.neg(slope(...t))),
    kernel('LogCdf', logOf.cdf, (...t) => tf.neg(tf.mul(factor(...t), tf.exp(tf.sub(logMass(...t), logCdf(...t)))))),
    kernel('Survival', (...x: [number, number, number]) => Math.exp(logOf.survival(...x)), slope),
  ];
}

/** The same by the probability, where F has the derivative −slope, slope = e^logSlope; a constant where p = 1 makes F 0, as its logarithm is −∞. */
function tailKernelsOfProbs(
    family: 'Binomial' | 'NegativeBinomial', logSlope: (...t: Tensors) => tf.Tensor, logCdf: (...t: Tensors) => tf.Tensor,
    logOf: {cdf: Scalar; survival: Scalar}): FunctionKernel[] {
  const shader = countTailShadersOfProbs(family);
  const slope = (...t: Tensors) => tf.exp(logSlope(...t));
  const kernel = (part: 'Cdf' | 'LogCdf' | 'Survival', of: Scalar, byProbs: (...t: Tensors) => tf.Tensor): FunctionKernel => {
    const partials: FunctionKernel['partials'] = {k: 'zero', p: (k, n, p) => byProbs(k, n, p)};
    const mayEnd = part === 'LogCdf' || family === 'NegativeBinomial'; // in −∞, or in no probability
    return {
      kernelName: `St${family}${part}OfProbs`, inputs: ['k', 'n', 'p'], scalar: (k, n, p) => of(k, n, scalar.logit(p)), shader: shader[part],
      partials: mayEnd ? constantWhere((_k, _n, p) => tf.equal(p, 1), 0.5, partials, 2) : partials,
    };
  };
  return [
    kernel('Cdf', (...x: [number, number, number]) => Math.exp(logOf.cdf(...x)), (...t) => tf.neg(slope(...t))),
    kernel('LogCdf', logOf.cdf, (...t) => tf.neg(tf.exp(tf.sub(logSlope(...t), logCdf(...t))))),
    kernel('Survival', (...x: [number, number, number]) => Math.exp(logOf.survival(...x)), slope),
  ];
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
    part: 'Cdf' | 'LogCdf' | 'Survival', of: (logSurvival: number) => number, p: (k: tf.Tensor, p: tf.Tensor) => tf.Tensor): FunctionKernel => ({
  kernelName: `StGeometric${part}`, inputs: ['k', 'p'], scalar: (k, x) => of(scalar.geometricLogSurvival(k, x)),
  shader: geometricTailShaders[part], partials: {k: 'zero', p},
});

/** Of the Poisson distribution F has the derivative −rate·P(k) by the logarithm of the rate. */
const rateTimesMass = (k: tf.Tensor, l: tf.Tensor) => tf.exp(tf.add(l, poissonLogMass(k, l)));

const poissonKernel = (
    part: 'Cdf' | 'LogCdf' | 'Survival', of: (k: number, l: number) => number, logRate: (k: tf.Tensor, l: tf.Tensor) => tf.Tensor): FunctionKernel =>
  ({kernelName: `StPoisson${part}`, inputs: ['k', 'logRate'], scalar: of, shader: poissonTailShaders[part], partials: {k: 'zero', logRate}});

export const countTailKernels: readonly FunctionKernel[] = [
  ...tailKernels('Binomial', binomialLogMass, (k, n, l) => tf.mul(tf.relu(tf.sub(n, k)), p(l)), binomialTails.ofLogits.logCdf,
    {cdf: scalar.binomialLogCdf, survival: scalar.binomialLogSurvival}),
  ...tailKernels('NegativeBinomial', negativeBinomialLogMass, (k, n, l) => tf.mul(tf.add(n, k), p(l)), negativeBinomialTails.ofLogits.logCdf,
    {cdf: scalar.negativeBinomialLogCdf, survival: scalar.negativeBinomialLogSurvival}),
  ...tailKernelsOfProbs('Binomial', binomialLogSlope, binomialTails.ofProbs.logCdf, {cdf: scalar.binomialLogCdf, survival: scalar.binomialLogSurvival}),
  ...tailKernelsOfProbs('NegativeBinomial', negativeBinomialLogSlope, negativeBinomialTails.ofProbs.logCdf,
    {cdf: scalar.negativeBinomialLogCdf, survival: scalar.negativeBinomialLogSurvival}),
  geometricKernel('Cdf', s => -Math.expm1(s), geometricSlope),
  geometricKernel('LogCdf', log1mexp, (k, x) => tf.div(geometricSlope(k, x), geometricTails.cdf(k, x))),
  geometricKernel('Survival', Math.exp, (k, x) => tf.neg(geometricSlope(k, x))),
  poissonKernel('Cdf', scalar.poissonCdf, (k, l) => tf.neg(rateTimesMass(k, l))),
  poissonKernel('LogCdf', scalar.poissonLogCdf, (k, l) => tf.neg(tf.exp(tf.sub(tf.add(l, poissonLogMass(k, l)), poissonTails.logCdf(k, l))))),
  poissonKernel('Survival', scalar.poissonSurvival, rateTimesMass),
];
