/** Kernels of src/math/masses.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../math/apply.js';
import {polygamma, polygammaDifference} from '../../math/gamma.js';
import {binomialScore, negativeBinomialScore} from '../../math/masses.js';
import * as scalar from '../../math/scalar/masses.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as shader from '../shaders/masses.js';

const inputs = ['k', 'n', 'logits'];
const slope = (kernelName: string) => (k: tf.Tensor, n: tf.Tensor, logits: tf.Tensor) => apply(kernelName, kernelName, {k, n, logits});
const p = (l: tf.Tensor) => tf.sigmoid(l);
const q = (l: tf.Tensor) => tf.sigmoid(tf.neg(l));
const trigamma1p = (x: tf.Tensor) => polygamma(1, tf.add(x, 1));

export const massKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StBinomialLogMass', inputs, scalar: scalar.binomialLogMass, shader: shader.binomialLogMassShader,
    partials: {k: slope('StBinomialSlopeK'), n: slope('StBinomialSlopeN'), logits: binomialScore},
  },
  {
    kernelName: 'StBinomialScore', inputs, scalar: scalar.binomialScore, shader: shader.binomialScoreShader,
    partials: {k: k => tf.onesLike(k), n: (_k, _n, l) => tf.neg(p(l)), logits: (_k, n, l) => tf.neg(tf.mul(n, tf.mul(p(l), q(l))))},
  },
  {
    kernelName: 'StBinomialSlopeK', inputs, scalar: scalar.binomialSlopeK, shader: shader.binomialSlopeKShader,
    partials: {
      k: (k, n) => tf.neg(tf.add(trigamma1p(tf.sub(n, k)), trigamma1p(k))),
      n: (k, n) => trigamma1p(tf.sub(n, k)),
      logits: (_k, _n, l) => tf.onesLike(l),
    },
  },
  {
    kernelName: 'StBinomialSlopeN', inputs, scalar: scalar.binomialSlopeN, shader: shader.binomialSlopeNShader,
    partials: {
      k: (k, n) => trigamma1p(tf.sub(n, k)),
      n: (k, n) => polygammaDifference(1, tf.add(tf.sub(n, k), 1), k),
      logits: (_k, _n, l) => tf.neg(p(l)),
    },
  },
  {
    kernelName: 'StNegativeBinomialLogMass', inputs, scalar: scalar.negativeBinomialLogMass, shader: shader.negativeBinomialLogMassShader,
    partials: {k: slope('StNegativeBinomialSlopeK'), n: slope('StNegativeBinomialSlopeN'), logits: negativeBinomialScore},
  },
  {
    kernelName: 'StNegativeBinomialScore', inputs, scalar: scalar.negativeBinomialScore, shader: shader.negativeBinomialScoreShader,
    partials: {
      k: (_k, _n, l) => q(l),
      n: (_k, _n, l) => tf.neg(p(l)),
      logits: (k, n, l) => tf.neg(tf.mul(tf.add(k, n), tf.mul(p(l), q(l)))),
    },
  },
  {
    kernelName: 'StNegativeBinomialSlopeK', inputs, scalar: scalar.negativeBinomialSlopeK, shader: shader.negativeBinomialSlopeKShader,
    partials: {
      k: (k, n) => polygammaDifference(1, tf.add(k, 1), tf.sub(n, 1)),
      n: (k, n) => polygamma(1, tf.add(n, k)),
      logits: (_k, _n, l) => q(l),
    },
  },
  {
    kernelName: 'StNegativeBinomialSlopeN', inputs, scalar: scalar.negativeBinomialSlopeN, shader: shader.negativeBinomialSlopeNShader,
    partials: {k: (k, n) => polygamma(1, tf.add(n, k)), n: (k, n) => polygammaDifference(1, n, k), logits: (_k, _n, l) => tf.neg(p(l))},
  },
];
