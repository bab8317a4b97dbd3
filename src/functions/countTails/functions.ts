/**
 * Distribution functions at whole k >= 0, of the binomial families from logits l, p = σ(l), or from p, of the geometric
 * distribution from p, and of the Poisson distribution from the logarithm of its rate. All take numbers, arrays or
 * tensors.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {binomialKernels, geometricKernels, negativeBinomialKernels, poissonKernels} from './kernels.js';

type BinomialKernels = typeof binomialKernels | typeof negativeBinomialKernels;

/** A tail of counts of k among n trials, by one parameter. */
type CountTail = (k: MathInput, n: MathInput, parameter: MathInput) => tf.Tensor;

/** F(k), ln F(k) and 1 − F(k). Each is accurate where it is small, and differentiable in the last argument. */
export interface Tails {
  readonly cdf: CountTail;
  readonly logCdf: CountTail;
  readonly survival: CountTail;
}

/** What there is of each family. Derivatives by p are one-sided where p is 0 or 1. */
export interface CountTails {
  readonly ofLogits: Tails;
  readonly ofProbs: Tails;
}

function tailsOf(family: string, kernels: () => BinomialKernels): CountTails {
  return {
    ofLogits: {
      cdf: (k, n, logits) => apply(`${family}.cdf`, kernels().ofLogits.cdf, {k, n, logits}),
      logCdf: (k, n, logits) => apply(`${family}.logCdf`, kernels().ofLogits.logCdf, {k, n, logits}),
      survival: (k, n, logits) => apply(`${family}.survival`, kernels().ofLogits.survival, {k, n, logits}),
    },
    ofProbs: {
      cdf: (k, n, p) => apply(`${family}.cdf`, kernels().ofProbs.cdf, {k, n, p}),
      logCdf: (k, n, p) => apply(`${family}.logCdf`, kernels().ofProbs.logCdf, {k, n, p}),
      survival: (k, n, p) => apply(`${family}.survival`, kernels().ofProbs.survival, {k, n, p}),
    },
  };
}

/** n trials: 1 − F(k) = I_p(k + 1, n − k), 0 from k = n on. */
export const binomialTails = /* @__PURE__ */ tailsOf('Binomial', () => binomialKernels);

/** Successes before n failures: 1 − F(k) = I_p(k + 1, n). */
export const negativeBinomialTails = /* @__PURE__ */ tailsOf('NegativeBinomial', () => negativeBinomialKernels);

/** 1 − F(k) = (1 − p)^{k + 1}. */
export const geometricTails = {
  cdf: (k: MathInput, p: MathInput): tf.Tensor => apply('Geometric.cdf', geometricKernels.cdf, {k, p}),
  logCdf: (k: MathInput, p: MathInput): tf.Tensor => apply('Geometric.logCdf', geometricKernels.logCdf, {k, p}),
  survival: (k: MathInput, p: MathInput): tf.Tensor => apply('Geometric.survival', geometricKernels.survival, {k, p}),
};

/** 1 − F(k) = P(k + 1, e^logRate), P the lower incomplete gamma function. */
export const poissonTails = {
  cdf: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.cdf', poissonKernels.cdf, {k, logRate}),
  logCdf: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.logCdf', poissonKernels.logCdf, {k, logRate}),
  survival: (k: MathInput, logRate: MathInput): tf.Tensor =>
    apply('Poisson.survival', poissonKernels.survival, {k, logRate}),
};
