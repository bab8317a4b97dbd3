/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {digamma, polygamma, polygammaDifference} from '../gamma/index.js';
import {
  binomialScore,
  binomialSlopeK,
  binomialSlopeN,
  negativeBinomialScore,
  negativeBinomialSlopeK,
  negativeBinomialSlopeN,
} from './functions.js';
import {atLeast, select} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

const inputs = ['k', 'n', 'logits'] as const;
const p = (l: tf.Tensor) => tf.sigmoid(l);
const q = (l: tf.Tensor) => tf.sigmoid(tf.neg(l));
/** t, 0 where it is infinite. */
const finite = (t: tf.Tensor) => select(tf.greater(tf.abs(t), 1e38), 0, t);
const trigamma1p = (x: tf.Tensor) => polygamma(1, tf.add(x, 1));

export const binomialLogMassKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StBinomialLogMass',
  inputs,
  scalar: scalar.binomialLogMass,
  shader: shader.binomialLogMassShader,
  partials: {k: binomialSlopeK, n: binomialSlopeN, logits: binomialScore},
};

export const binomialScoreKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StBinomialScore',
  inputs,
  scalar: scalar.binomialScore,
  shader: shader.binomialScoreShader,
  partials: {
    k: k => tf.onesLike(k),
    n: (_k, _n, l) => tf.neg(p(l)),
    logits: (_k, n, l) => tf.neg(tf.mul(n, tf.mul(p(l), q(l)))),
  },
};

export const binomialSlopeKKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StBinomialSlopeK',
  inputs,
  scalar: scalar.binomialSlopeK,
  shader: shader.binomialSlopeKShader,
  partials: {
    k: (k, n) => tf.neg(tf.add(trigamma1p(tf.sub(n, k)), trigamma1p(k))),
    n: (k, n) => trigamma1p(tf.sub(n, k)),
    logits: (_k, _n, l) => tf.onesLike(l),
  },
};

export const binomialSlopeNKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StBinomialSlopeN',
  inputs,
  scalar: scalar.binomialSlopeN,
  shader: shader.binomialSlopeNShader,
  partials: {
    k: (k, n) => trigamma1p(tf.sub(n, k)),
    n: (k, n) => polygammaDifference(1, tf.add(tf.sub(n, k), 1), k),
    logits: (_k, _n, l) => tf.neg(p(l)),
  },
};

export const negativeBinomialLogMassKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StNegativeBinomialLogMass',
  inputs,
  scalar: scalar.negativeBinomialLogMass,
  shader: shader.negativeBinomialLogMassShader,
  partials: {k: negativeBinomialSlopeK, n: negativeBinomialSlopeN, logits: negativeBinomialScore},
};

export const negativeBinomialScoreKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StNegativeBinomialScore',
  inputs,
  scalar: scalar.negativeBinomialScore,
  shader: shader.negativeBinomialScoreShader,
  partials: {
    k: (_k, _n, l) => q(l),
    n: (_k, _n, l) => tf.neg(p(l)),
    logits: (k, n, l) => tf.neg(tf.mul(tf.add(k, n), tf.mul(p(l), q(l)))),
  },
};

export const negativeBinomialSlopeKKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StNegativeBinomialSlopeK',
  inputs,
  scalar: scalar.negativeBinomialSlopeK,
  shader: shader.negativeBinomialSlopeKShader,
  partials: {
    k: (k, n) => polygammaDifference(1, tf.add(k, 1), tf.sub(n, 1)),
    n: (k, n) => polygamma(1, tf.add(n, k)),
    logits: (_k, _n, l) => q(l),
  },
};

export const negativeBinomialSlopeNKernel: FunctionKernel<'k' | 'n' | 'logits'> = {
  kernelName: 'StNegativeBinomialSlopeN',
  inputs,
  scalar: scalar.negativeBinomialSlopeN,
  shader: shader.negativeBinomialSlopeNShader,
  partials: {
    k: (k, n) => polygamma(1, tf.add(n, k)),
    n: (k, n) => polygammaDifference(1, n, k),
    logits: (_k, _n, l) => tf.neg(p(l)),
  },
};

export const multinomialTermKernel: FunctionKernel<'k' | 'n' | 'logP'> = {
  kernelName: 'StMultinomialTerm',
  inputs: ['k', 'n', 'logP'],
  scalar: scalar.multinomialTerm,
  shader: shader.multinomialTermShader,
  partials: {
    k: (k, n, logP) => tf.sub(tf.sub(digamma(tf.add(k, 1)), tf.log(atLeast(n, 1))), finite(logP)),
    n: (k, n, logP) => tf.sub(tf.exp(logP), tf.div(k, atLeast(n, 1))),
    logP: (k, n, logP) => tf.sub(tf.mul(n, tf.exp(logP)), k),
  },
};

export const weighKernel: FunctionKernel<'p' | 't'> = {
  kernelName: 'StWeigh',
  inputs: ['p', 't'],
  scalar: scalar.weigh,
  shader: shader.weighShader,
  partials: {p: (p, t) => select(tf.equal(p, 0), finite(t), t), t: p => p},
};

export const expOfOthersKernel: FunctionKernel<'x'> = {
  kernelName: 'StExpOfOthers',
  inputs: ['x'],
  scalar: scalar.expOfOthers,
  shader: shader.expOfOthersShader,
  partials: {x: x => tf.exp(x)},
};
