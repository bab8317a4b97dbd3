/**
 * Distribution functions at whole k >= 0, of the binomial families from logits l, p = σ(l), or from p, of the geometric distribution from p, and of the Poisson
 * distribution from the logarithm of its rate. All take numbers, arrays or tensors.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from './apply.js';

type Tail = (k: MathInput, n: MathInput, parameter: MathInput) => tf.Tensor;

/** F(k), ln F(k) and 1 − F(k). Each is accurate where it is small, and differentiable in the last argument. */
export interface Tails {
  readonly cdf: Tail;
  readonly logCdf: Tail;
  readonly survival: Tail;
}

/** What there is of each family. Derivatives by p are one-sided where p is 0 or 1. */
export interface CountTails {
  readonly ofLogits: Tails;
  readonly ofProbs: Tails;
}

function tailsOf(family: 'Binomial' | 'NegativeBinomial'): CountTails {
  const call = (part: string, by: 'logits' | 'p'): Tail => (k, n, parameter) =>
    apply(`${family}.${part}`, `St${family}${part}${by === 'p' ? 'OfProbs' : ''}`, {k, n, [by]: parameter});
  const parts = (by: 'logits' | 'p'): Tails => ({cdf: call('Cdf', by), logCdf: call('LogCdf', by), survival: call('Survival', by)});
  return {ofLogits: parts('logits'), ofProbs: parts('p')};
}

/** n trials: 1 − F(k) = I_p(k + 1, n − k), 0 from k = n on. */
export const binomialTails = tailsOf('Binomial');

/** Successes before n failures: 1 − F(k) = I_p(k + 1, n). */
export const negativeBinomialTails = tailsOf('NegativeBinomial');

/** 1 − F(k) = (1 − p)^{k + 1}. */
export const geometricTails = {
  cdf: (k: MathInput, p: MathInput): tf.Tensor => apply('Geometric.Cdf', 'StGeometricCdf', {k, p}),
  logCdf: (k: MathInput, p: MathInput): tf.Tensor => apply('Geometric.LogCdf', 'StGeometricLogCdf', {k, p}),
  survival: (k: MathInput, p: MathInput): tf.Tensor => apply('Geometric.Survival', 'StGeometricSurvival', {k, p}),
};

/** 1 − F(k) = P(k + 1, e^logRate), P the lower incomplete gamma function. */
export const poissonTails = {
  cdf: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.Cdf', 'StPoissonCdf', {k, logRate}),
  logCdf: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.LogCdf', 'StPoissonLogCdf', {k, logRate}),
  survival: (k: MathInput, logRate: MathInput): tf.Tensor => apply('Poisson.Survival', 'StPoissonSurvival', {k, logRate}),
};
