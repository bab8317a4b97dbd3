/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {log1p, safeLog} from '../elementary/index.js';
import {logRatio} from '../families/index.js';
import {digamma} from '../gamma/index.js';
import {atLeast, select} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import {successCurvature, successScore} from './functions.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';
import {binomialSlopeK, binomialSlopeN, negativeBinomialSlopeK, negativeBinomialSlopeN} from '../masses/index.js';

const inputs = ['k', 'n', 'p'] as const;

/** A logit at which σ is 0 or 1 in float32. */
const FAR = 200;

/** The logit of p, constants of that size at 0 and 1. */
function finiteLogit(p: tf.Tensor): tf.Tensor {
  const [none, all] = [tf.equal(p, 0), tf.equal(p, 1)];
  const at = select(tf.logicalOr(none, all), 0.5, p);
  return select(none, -FAR, select(all, FAR, logRatio(at, tf.sub(1, at))));
}

/** The derivative of a mass by one of its counts. */
const atLogit = (slope: typeof binomialSlopeK) => (k: tf.Tensor, n: tf.Tensor, p: tf.Tensor) =>
  slope(k, n, finiteLogit(p));
/** 1/p, 0 at 0. */
const inverse = (p: tf.Tensor) => select(tf.equal(p, 0), 0, tf.reciprocal(select(tf.equal(p, 0), 1, p)));
const complement = (p: tf.Tensor) => tf.sub(1, p);

export const successLogMassKernel: FunctionKernel<'h' | 'm' | 'p'> = {
  kernelName: 'StSuccessLogMass',
  inputs: ['h', 'm', 'p'],
  scalar: scalar.successLogMass,
  shader: shader.successLogMassShader,
  partials: {
    h: (_h, _m, p) => safeLog(select(tf.equal(p, 0), 1, p)),
    m: (_h, _m, p) => log1p(tf.neg(select(tf.equal(p, 1), 0, p))),
    p: successScore,
  },
};

export const successScoreKernel: FunctionKernel<'h' | 'm' | 'p'> = {
  kernelName: 'StSuccessScore',
  inputs: ['h', 'm', 'p'],
  scalar: scalar.successScore,
  shader: shader.successScoreShader,
  partials: {h: (_h, _m, p) => inverse(p), m: (_h, _m, p) => tf.neg(inverse(complement(p))), p: successCurvature},
};

export const successCurvatureKernel: FunctionKernel<'h' | 'm' | 'p'> = {
  kernelName: 'StSuccessCurvature',
  inputs: ['h', 'm', 'p'],
  scalar: scalar.successCurvature,
  shader: shader.successCurvatureShader,
  partials: {
    h: (_h, _m, p) => tf.neg(tf.square(inverse(p))),
    m: (_h, _m, p) => tf.neg(tf.square(inverse(complement(p)))),
    p: (h, m, p) => tf.sub(tf.mul(h, cube(inverse(p))), tf.mul(m, cube(inverse(complement(p))))),
  },
};

export const binomialLogMassOfProbsKernel: FunctionKernel<'k' | 'n' | 'p'> = {
  kernelName: 'StBinomialLogMassOfProbs',
  inputs,
  scalar: scalar.binomialLogMassOfProbs,
  shader: shader.binomialLogMassOfProbsShader,
  partials: {k: atLogit(binomialSlopeK), n: atLogit(binomialSlopeN), p: (k, n, p) => successScore(k, tf.sub(n, k), p)},
};

export const negativeBinomialLogMassOfProbsKernel: FunctionKernel<'k' | 'n' | 'p'> = {
  kernelName: 'StNegativeBinomialLogMassOfProbs',
  inputs,
  scalar: scalar.negativeBinomialLogMassOfProbs,
  shader: shader.negativeBinomialLogMassOfProbsShader,
  partials: {k: atLogit(negativeBinomialSlopeK), n: atLogit(negativeBinomialSlopeN), p: successScore},
};

export const multinomialTermOfProbsKernel: FunctionKernel<'k' | 'n' | 'p'> = {
  kernelName: 'StMultinomialTermOfProbs',
  inputs,
  scalar: scalar.multinomialTermOfProbs,
  shader: shader.multinomialTermOfProbsShader,
  partials: {
    k: (k, n, p) => tf.sub(tf.sub(digamma(tf.add(k, 1)), tf.log(atLeast(n, 1))), safeLog(select(tf.equal(p, 0), 1, p))),
    n: (k, n, p) => tf.sub(p, tf.div(k, atLeast(n, 1))),
    p: (k, n, p) => tf.sub(n, tf.mul(k, inverse(p))),
  },
};

/** t³. */
function cube(t: tf.Tensor): tf.Tensor {
  return tf.mul(t, tf.square(t));
}
