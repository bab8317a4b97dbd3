/** Kernels of src/math/gammaKl.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {polygamma, polygammaDifference} from '../../math/gamma.js';
import * as entropy from '../../math/scalar/entropies.js';
import * as scalar from '../../math/scalar/gammaKl.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as entropyShader from '../shaders/entropies.js';
import * as shader from '../shaders/gammaKl.js';

const trigamma = (x: tf.Tensor) => polygamma(1, x);
/** (a − b) ψ′(a), the derivative by a of the divergence with equal rates. */
const byFirst = (a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.sub(a, b), trigamma(a));
/** ψ(b) − ψ(a). */
const bySecond = (a: tf.Tensor, b: tf.Tensor) => polygammaDifference(0, a, tf.sub(b, a));

const rates = ['a', 'r', 'b', 't'];

export const gammaKlKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StGammaKl', inputs: rates, scalar: scalar.gammaKl, shader: shader.gammaKlShader,
    partials: {
      a: (a, r, b, t) => tf.add(byFirst(a, b), tf.div(tf.sub(t, r), r)),
      r: (a, r, b, t) => tf.div(tf.sub(b, tf.mul(a, tf.div(t, r))), r),
      b: (a, r, b, t) => tf.sub(bySecond(a, b), tf.log(tf.div(t, r))),
      t: (a, r, b, t) => tf.sub(tf.div(a, r), tf.div(b, t)),
    },
  },
  {
    kernelName: 'StGammaKlOfLogs', inputs: rates, scalar: scalar.gammaKlOfLogs, shader: shader.gammaKlOfLogsShader,
    partials: {
      a: (a, r, b, t) => tf.add(byFirst(a, b), tf.expm1(tf.sub(t, r))),
      r: (a, r, b, t) => tf.sub(b, tf.mul(a, tf.exp(tf.sub(t, r)))),
      b: (a, r, b, t) => tf.sub(bySecond(a, b), tf.sub(t, r)),
      t: (a, r, b, t) => tf.sub(tf.mul(a, tf.exp(tf.sub(t, r))), b),
    },
  },
  {
    kernelName: 'StBetaKl', inputs: ['a', 'b', 'c', 'd'], scalar: scalar.betaKl, shader: shader.betaKlShader,
    partials: {
      a: (a, b, c, d) => tf.sub(byFirst(a, c), byFirst(tf.add(a, b), tf.add(c, d))),
      b: (a, b, c, d) => tf.sub(byFirst(b, d), byFirst(tf.add(a, b), tf.add(c, d))),
      c: (a, b, c, d) => tf.sub(bySecond(a, c), bySecond(tf.add(a, b), tf.add(c, d))),
      d: (a, b, c, d) => tf.sub(bySecond(b, d), bySecond(tf.add(a, b), tf.add(c, d))),
    },
  },
  {
    kernelName: 'StDirichletKlTerm', inputs: ['a', 'b', 'total', 'change'], scalar: scalar.dirichletKlTerm, shader: shader.dirichletKlTermShader,
    partials: {a: byFirst, b: bySecond, total: 'zero', change: 'zero'},
  },
  {
    kernelName: 'StDirichletKlTotal', inputs: ['total', 'change'], scalar: scalar.dirichletKlTotal, shader: shader.dirichletKlTotalShader,
    partials: {
      total: (total, change) => tf.sub(polygammaDifference(0, total, change), tf.mul(change, trigamma(total))),
      change: (total, change) => polygammaDifference(0, total, change),
    },
  },
  {
    kernelName: 'StGammaEntropy', inputs: ['a'], scalar: entropy.gammaEntropy, shader: entropyShader.gammaEntropyShader,
    partials: {a: a => tf.add(1, tf.mul(tf.sub(1, a), trigamma(a)))},
  },
  {
    // with x = ν/2: 1/(2x) + (x + ½)(ψ′(x + ½) − ψ′(x)), by ν
    kernelName: 'StStudentTEntropy', inputs: ['df'], scalar: entropy.studentTEntropy, shader: entropyShader.studentTEntropyShader,
    partials: {
      df: df => {
        const x = tf.mul(df, 0.5);
        return tf.mul(0.5, tf.add(tf.reciprocal(df), tf.mul(tf.add(x, 0.5), polygammaDifference(1, x, 0.5))));
      },
    },
  },
];
