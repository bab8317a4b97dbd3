/**
 * Distribution functions at whole k >= 0, of the binomial families from logits l, p = σ(l), and of the Poisson distribution from the logarithm of its rate.
 * All take numbers, arrays or tensors.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from './apply.js';

/** What there is of each family: F(k), ln F(k) and 1 − F(k). Each is accurate where it is small, and differentiable in the logits. */
export interface CountTails {
  readonly cdf: (k: MathInput, n: MathInput, logits: MathInput) => tf.Tensor;
  readonly logCdf: (k: MathInput, n: MathInput, logits: MathInput) => tf.Tensor;
  readonly survival: (k: MathInput, n: MathInput, logits: MathInput) => tf.Tensor;
}

function tailsOf(family: 'Binomial' | 'NegativeBinomial'): CountTails {
  const call = (part: string) => (k: MathInput, n: MathInput, logits: MathInput) => apply(`${family}.${part}`, `St${family}${part}`, {k, n, logits});
  return {cdf: call('Cdf'), logCdf: call('LogCdf'), survival: call('Survival')};
}

/** n trials: 1 − F(k) = I_p(k + 1, n − k), 0 from k = n on. */
export const binomialTails = tailsOf('Binomial');

/** Successes before n failures: 1 − F(k) = I_p(k + 1, n). */
export const negativeBinomialTails = tailsOf('NegativeBinomial');

/** 1 − F(k) = P(k + 1, e^logRate), P the lower incomplete gamma function. */
export const poissonTails = {
  cdf: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.Cdf', 'StPoissonCdf', {k, logRate}),
  logCdf: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.LogCdf', 'StPoissonLogCdf', {k, logRate}),
  survival: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.Survival', 'StPoissonSurvival', {k, logRate}),
};
