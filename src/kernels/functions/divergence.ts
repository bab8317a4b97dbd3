/** Kernels of src/math/divergence.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {safeLog} from '../../math/elementary.js';
import {select} from '../../math/numerics.js';
import * as scalar from '../../math/scalar/divergence.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as shader from '../shaders/divergence.js';

/** t, and `instead` where `test` holds. */
const except = (test: tf.Tensor, instead: number, t: tf.Tensor) => select(test, instead, t);

/** ln(q/p), 0 where q is 0. */
const logRatio = (q: tf.Tensor, p: tf.Tensor) => tf.sub(safeLog(except(tf.equal(q, 0), 1, q)), safeLog(except(tf.equal(q, 0), 1, p)));

export const divergenceKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StKlTerm', inputs: ['q', 'p'], scalar: scalar.klTerm, shader: shader.klTermShader,
    partials: {
      // 1 − q/p by p
      q: logRatio,
      p: (q, p) => tf.div(tf.sub(p, q), except(tf.equal(p, 0), 1, p)),
    },
  },
  {
    kernelName: 'StKlTermOfLogs', inputs: ['logQ', 'logP'], scalar: scalar.klTermOfLogs, shader: shader.klTermOfLogsShader,
    partials: {
      logQ: (a, b) => {
        const none = tf.less(a, -3e38);
        return tf.mul(tf.exp(a), tf.sub(except(none, 0, a), except(none, 0, b)));
      },
      logP: (a, b) => tf.sub(tf.exp(b), tf.exp(a)),
    },
  },
  {
    kernelName: 'StKlOfProbs', inputs: ['q', 'p'], scalar: scalar.klOfProbs, shader: shader.klOfProbsShader,
    partials: {
      // of each of the two values as above
      q: (q, p) => tf.sub(logRatio(q, p), logRatio(tf.sub(1, q), tf.sub(1, p))),
      p: (q, p) => tf.div(tf.sub(p, q), tf.mul(except(tf.equal(p, 0), 1, p), except(tf.equal(p, 1), 1, tf.sub(1, p)))),
    },
  },
  {
    kernelName: 'StKlOfLogits', inputs: ['q', 'p'], scalar: scalar.klOfLogits, shader: shader.klOfLogitsShader,
    partials: {
      q: (q, p) => tf.mul(tf.mul(tf.sigmoid(q), tf.sigmoid(tf.neg(q))), tf.sub(q, p)),
      p: (q, p) => tf.sub(tf.sigmoid(p), tf.sigmoid(q)),
    },
  },
];
