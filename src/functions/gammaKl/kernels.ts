/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {logRatio} from '../families/index.js';
import {polygamma, polygammaDifference, stirlingErrorDerivative} from '../gamma/index.js';
import {gammaKlBalance, gammaKlBalanceOfLogs} from './functions.js';
import {select} from '../../math/numerics.js';
import * as entropy from './entropiesScalar.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as entropyShader from './entropiesShader.js';
import * as shader from './shader.js';

const trigamma = (x: tf.Tensor) => polygamma(1, x);

/** a ψ′(a) − 1, about 1/(2a) of a large a. */
function trigammaExcess(a: tf.Tensor): tf.Tensor {
  const isSmall = tf.less(a, 1);
  const [small, large] = [select(isSmall, a, 1), select(isSmall, 1, a)];
  const near = tf.add(tf.mul(small, trigamma(tf.add(small, 1))), tf.sub(tf.reciprocal(small), 1));
  return select(isSmall, near, tf.add(tf.div(0.5, large), tf.mul(large, stirlingErrorDerivative(2, large))));
}

/** (a − b) ψ′(a) − 1 + b/a, d = b − a: the derivative by a of R(a, b). */
const ofRest = (a: tf.Tensor, d: tf.Tensor) => tf.neg(tf.mul(tf.div(d, a), trigammaExcess(a)));

/** ψ(b) − ψ(a), from the smaller of the two, since d = b − a may have lost it. */
function bySecond(a: tf.Tensor, b: tf.Tensor, d: tf.Tensor): tf.Tensor {
  const rises = tf.greaterEqual(d, 0);
  const step = polygammaDifference(0, select(rises, a, b), tf.abs(d));
  return select(rises, step, tf.neg(step));
}

const between = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => bySecond(a, b, tf.sub(b, a));
/** How much c + d is more than a + b. */
const changeOf = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) => tf.add(tf.sub(c, a), tf.sub(d, b));
const byBetaFirst = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) => {
  const [total, other, change] = [tf.add(a, b), tf.add(c, d), changeOf(a, b, c, d)];
  const term = tf.add(ofRest(a, tf.sub(c, a)), tf.div(gammaKlBalance(a, c, total, other, change), a));
  return tf.sub(term, ofRest(total, change));
};
const byBetaSecond = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) =>
  tf.sub(between(a, c), bySecond(tf.add(a, b), tf.add(c, d), changeOf(a, b, c, d)));

const rates = ['a', 'r', 'b', 't'] as const;

export const gammaKlKernel: FunctionKernel<'a' | 'r' | 'b' | 't'> = {
  kernelName: 'StGammaKl',
  inputs: rates,
  scalar: scalar.gammaKl,
  shader: shader.gammaKlShader,
  partials: {
    a: (a, r, b, t) => tf.add(ofRest(a, tf.sub(b, a)), tf.div(gammaKlBalance(a, b, r, t, tf.sub(t, r)), a)),
    r: (a, r, b, t) => tf.neg(tf.div(gammaKlBalance(a, b, r, t, tf.sub(t, r)), r)),
    b: (a, r, b, t) => tf.sub(between(a, b), logRatio(t, r)),
    t: (a, r, b, t) => tf.div(gammaKlBalance(a, b, r, t, tf.sub(t, r)), t),
  },
};

export const gammaKlBalanceKernel: FunctionKernel<'a' | 'b' | 'r' | 't' | 'change'> = {
  // as a function of r and t, of which change is the difference
  kernelName: 'StGammaKlBalance',
  inputs: ['a', 'b', 'r', 't', 'change'],
  scalar: scalar.gammaKlBalance,
  shader: shader.gammaKlBalanceShader,
  partials: {
    a: (_a, _b, r, t) => tf.div(t, r),
    b: (_a, b) => tf.neg(tf.onesLike(b)),
    r: (a, _b, r, t) => tf.neg(tf.mul(tf.div(a, r), tf.div(t, r))),
    t: (a, _b, r) => tf.div(a, r),
    change: 'zero',
  },
};

export const gammaKlOfLogsKernel: FunctionKernel<'a' | 'r' | 'b' | 't'> = {
  kernelName: 'StGammaKlOfLogs',
  inputs: rates,
  scalar: scalar.gammaKlOfLogs,
  shader: shader.gammaKlOfLogsShader,
  partials: {
    a: (a, r, b, t) => tf.add(ofRest(a, tf.sub(b, a)), tf.div(gammaKlBalanceOfLogs(a, r, b, t), a)),
    r: (a, r, b, t) => tf.neg(gammaKlBalanceOfLogs(a, r, b, t)),
    b: (a, r, b, t) => tf.sub(between(a, b), tf.sub(t, r)),
    t: (a, r, b, t) => gammaKlBalanceOfLogs(a, r, b, t),
  },
};

export const gammaKlBalanceOfLogsKernel: FunctionKernel<'a' | 'r' | 'b' | 't'> = {
  kernelName: 'StGammaKlBalanceOfLogs',
  inputs: rates,
  scalar: scalar.gammaKlBalanceOfLogs,
  shader: shader.gammaKlBalanceOfLogsShader,
  partials: {
    a: (_a, r, _b, t) => tf.exp(tf.sub(t, r)),
    r: (a, r, _b, t) => tf.neg(tf.mul(a, tf.exp(tf.sub(t, r)))),
    b: (_a, _r, b) => tf.neg(tf.onesLike(b)),
    t: (a, r, _b, t) => tf.mul(a, tf.exp(tf.sub(t, r))),
  },
};

export const betaKlKernel: FunctionKernel<'a' | 'b' | 'c' | 'd'> = {
  kernelName: 'StBetaKl',
  inputs: ['a', 'b', 'c', 'd'],
  scalar: scalar.betaKl,
  shader: shader.betaKlShader,
  partials: {
    a: byBetaFirst,
    b: (a, b, c, d) => byBetaFirst(b, a, d, c),
    c: byBetaSecond,
    d: (a, b, c, d) => byBetaSecond(b, a, d, c),
  },
};

export const dirichletKlTermKernel: FunctionKernel<'a' | 'b' | 'total' | 'other' | 'change'> = {
  // what the shares of the sums' divergence change among themselves cancels in the sum of all terms, and is left out
  kernelName: 'StDirichletKlTerm',
  inputs: ['a', 'b', 'total', 'other', 'change'],
  scalar: scalar.dirichletKlTerm,
  shader: shader.dirichletKlTermShader,
  partials: {
    a: (a, b, total, other, change) =>
      tf.add(ofRest(a, tf.sub(b, a)), tf.div(gammaKlBalance(a, b, total, other, change), a)),
    b: between,
    total: (a, _b, total, _other, change) => tf.neg(tf.mul(tf.div(a, total), ofRest(total, change))),
    other: (a, _b, total, other, change) => tf.neg(tf.mul(tf.div(a, total), bySecond(total, other, change))),
    change: 'zero',
  },
};

export const gammaEntropyKernel: FunctionKernel<'a'> = {
  kernelName: 'StGammaEntropy',
  inputs: ['a'],
  scalar: entropy.gammaEntropy,
  shader: entropyShader.gammaEntropyShader,
  partials: {a: a => tf.add(1, tf.mul(tf.sub(1, a), trigamma(a)))},
};

export const studentTEntropyKernel: FunctionKernel<'df'> = {
  // with x = ν/2: 1/(2x) + (x + ½)(ψ′(x + ½) − ψ′(x)), by ν
  kernelName: 'StStudentTEntropy',
  inputs: ['df'],
  scalar: entropy.studentTEntropy,
  shader: entropyShader.studentTEntropyShader,
  partials: {
    df: df => {
      const x = tf.mul(df, 0.5);
      return tf.mul(0.5, tf.add(tf.reciprocal(df), tf.mul(tf.add(x, 0.5), polygammaDifference(1, x, 0.5))));
    },
  },
};
