/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {geometricKlOfLogits} from './functions.js';
import {expm1, log1p} from '../elementary/index.js';
import {logRatio as logQuotient} from '../families/index.js';
import {select} from '../../math/numerics.js';
import * as scalar from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as shader from './shader.js';

/** t, and `instead` where `test` holds. */
const except = (test: tf.Tensor, instead: number, t: tf.Tensor) => select(test, instead, t);

/** ln(q/p), 0 where q is 0. */
const logRatioOrZero = (q: tf.Tensor, p: tf.Tensor) =>
  logQuotient(except(tf.equal(q, 0), 1, q), except(tf.equal(q, 0), 1, p));

/** ln((1 − q)/(1 − p)), also of small q and p. */
function logComplementRatio(q: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const isSmall = tf.less(q, 0.5);
  const [smallQ, smallP] = [select(isSmall, q, 0), select(isSmall, p, 0)];
  return select(
    isSmall,
    log1p(tf.div(tf.sub(smallP, smallQ), tf.sub(1, smallP))),
    logRatioOrZero(tf.sub(1, q), tf.sub(1, p)),
  );
}

/** e^b − e^a, by the smaller exponential. */
function expStep(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const rises = tf.greater(b, a);
  const [low, high] = [select(rises, a, b), select(rises, b, a)];
  const step = tf.neg(tf.mul(tf.exp(high), expm1(select(tf.equal(low, high), 0, tf.sub(low, high)))));
  return select(rises, step, tf.neg(step));
}

/** σ(p) − σ(q), by the smaller exponential. */
function sigmoidStep(q: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const rises = tf.greater(p, q);
  const [low, high] = [select(rises, q, p), select(rises, p, q)];
  const step = tf.mul(tf.neg(expm1(tf.sub(low, high))), tf.mul(tf.sigmoid(high), tf.sigmoid(tf.neg(low))));
  return select(rises, step, tf.neg(step));
}

export const klTermKernel: FunctionKernel<'q' | 'p'> = {
  kernelName: 'StKlTerm',
  inputs: ['q', 'p'],
  scalar: scalar.klTerm,
  shader: shader.klTermShader,
  partials: {
    // 1 − q/p by p
    q: logRatioOrZero,
    p: (q, p) => tf.div(tf.sub(p, q), except(tf.equal(p, 0), 1, p)),
  },
};

export const klTermOfLogsKernel: FunctionKernel<'logQ' | 'logP'> = {
  kernelName: 'StKlTermOfLogs',
  inputs: ['logQ', 'logP'],
  scalar: scalar.klTermOfLogs,
  shader: shader.klTermOfLogsShader,
  partials: {
    logQ: (a, b) => {
      const none = tf.less(a, -3e38);
      return tf.mul(tf.exp(a), tf.sub(except(none, 0, a), except(none, 0, b)));
    },
    logP: expStep,
  },
};

export const klOfProbsKernel: FunctionKernel<'q' | 'p'> = {
  kernelName: 'StKlOfProbs',
  inputs: ['q', 'p'],
  scalar: scalar.klOfProbs,
  shader: shader.klOfProbsShader,
  partials: {
    // of each of the two values as above
    q: (q, p) => tf.sub(logRatioOrZero(q, p), logComplementRatio(q, p)),
    p: (q, p) => tf.div(tf.sub(p, q), tf.mul(except(tf.equal(p, 0), 1, p), except(tf.equal(p, 1), 1, tf.sub(1, p)))),
  },
};

export const klOfLogitsKernel: FunctionKernel<'q' | 'p'> = {
  kernelName: 'StKlOfLogits',
  inputs: ['q', 'p'],
  scalar: scalar.klOfLogits,
  shader: shader.klOfLogitsShader,
  partials: {
    q: (q, p) => tf.mul(tf.mul(tf.sigmoid(q), tf.sigmoid(tf.neg(q))), tf.sub(q, p)),
    p: sigmoidStep,
  },
};

export const geometricKlKernel: FunctionKernel<'q' | 'p'> = {
  kernelName: 'StGeometricKl',
  inputs: ['q', 'p'],
  scalar: scalar.geometricKl,
  shader: shader.geometricKlShader,
  partials: {
    q: (q, p) => tf.neg(tf.div(tf.div(logComplementRatio(q, p), q), q)),
    p: (q, p) => tf.div(tf.div(tf.sub(p, q), tf.mul(p, except(tf.equal(p, 1), 1, tf.sub(1, p)))), q),
  },
};

export const geometricKlOfLogitsKernel: FunctionKernel<'q' | 'p'> = {
  kernelName: 'StGeometricKlOfLogits',
  inputs: ['q', 'p'],
  scalar: scalar.geometricKlOfLogits,
  shader: shader.geometricKlOfLogitsShader,
  partials: {
    q: (q, p) => tf.mul(tf.sigmoid(tf.neg(q)), tf.sub(tf.sub(q, p), geometricKlOfLogits(q, p))),
    p: (q, p) => tf.mul(sigmoidStep(q, p), tf.add(tf.exp(tf.neg(q)), 1)),
  },
};
