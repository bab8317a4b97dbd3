/** Kernels of src/math/countTails.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {binomialTails, negativeBinomialTails, poissonTails} from '../../math/countTails.js';
import {poissonLogMass} from '../../math/gamma.js';
import {binomialLogMass, negativeBinomialLogMass} from '../../math/masses.js';
import * as scalar from '../../math/scalar/countTails.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import {constantWhere} from '../elementwise/edges.js';
import {countTailShaders, poissonTailShaders} from '../shaders/countTails.js';

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

/** Of the Poisson distribution F has the derivative −rate·P(k) by the logarithm of the rate. */
const rateTimesMass = (k: tf.Tensor, l: tf.Tensor) => tf.exp(tf.add(l, poissonLogMass(k, l)));

const poissonKernel = (
    part: 'Cdf' | 'LogCdf' | 'Survival', of: (k: number, l: number) => number, logRate: (k: tf.Tensor, l: tf.Tensor) => tf.Tensor): FunctionKernel =>
  ({kernelName: `StPoisson${part}`, inputs: ['k', 'logRate'], scalar: of, shader: poissonTailShaders[part], partials: {k: 'zero', logRate}});

export const countTailKernels: readonly FunctionKernel[] = [
  ...tailKernels('Binomial', binomialLogMass, (k, n, l) => tf.mul(tf.relu(tf.sub(n, k)), p(l)), binomialTails.logCdf,
    {cdf: scalar.binomialLogCdf, survival: scalar.binomialLogSurvival}),
  ...tailKernels('NegativeBinomial', negativeBinomialLogMass, (k, n, l) => tf.mul(tf.add(n, k), p(l)), negativeBinomialTails.logCdf,
    {cdf: scalar.negativeBinomialLogCdf, survival: scalar.negativeBinomialLogSurvival}),
  poissonKernel('Cdf', scalar.poissonCdf, (k, l) => tf.neg(rateTimesMass(k, l))),
  poissonKernel('LogCdf', scalar.poissonLogCdf, (k, l) => tf.neg(tf.exp(tf.sub(tf.add(l, poissonLogMass(k, l)), poissonTails.logCdf(k, l))))),
  poissonKernel('Survival', scalar.poissonSurvival, rateTimesMass),
];
