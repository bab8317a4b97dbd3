/**
 * Divergences of gamma distributions, and of those made of them, accurate though the two be large and almost the same;
 * all broadcast.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {
  betaKlKernel,
  dirichletKlTermKernel,
  gammaEntropyKernel,
  gammaKlBalanceKernel,
  gammaKlBalanceOfLogsKernel,
  gammaKlKernel,
  gammaKlOfLogsKernel,
  studentTEntropyKernel,
} from './kernels.js';

/** KL(Γ(a, r) ‖ Γ(b, t)): concentrations a, b and rates r, t. */
export const gammaKl = (a: tf.Tensor, r: tf.Tensor, b: tf.Tensor, t: tf.Tensor): tf.Tensor =>
  apply('gammaKl', gammaKlKernel, {a, r, b, t});

/** The same with the logarithms of the rates. */
export const gammaKlOfLogs = (a: tf.Tensor, r: tf.Tensor, b: tf.Tensor, t: tf.Tensor): tf.Tensor =>
  apply('gammaKl', gammaKlOfLogsKernel, {a, r, b, t});

/** KL(Beta(a, b) ‖ Beta(c, d)). */
export const betaKl = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor): tf.Tensor =>
  apply('betaKl', betaKlKernel, {a, b, c, d});

/** a t/r − b, change = t − r; times 1/t it is the derivative of `gammaKl` by t. */
export const gammaKlBalance = (a: tf.Tensor, b: tf.Tensor, r: tf.Tensor, t: tf.Tensor, change: tf.Tensor): tf.Tensor =>
  apply('gammaKl', gammaKlBalanceKernel, {a, b, r, t, change});

/** The same with the logarithms of the rates. */
export const gammaKlBalanceOfLogs = (a: tf.Tensor, r: tf.Tensor, b: tf.Tensor, t: tf.Tensor): tf.Tensor =>
  apply('gammaKl', gammaKlBalanceOfLogsKernel, {a, r, b, t});

/** Two totals, and how much the second is more, which rounding may have lost from them, or them from it. */
export interface Totals {
  total: tf.Tensor;
  other: tf.Tensor;
  change: tf.Tensor;
}

/**
 * The terms, one for each class, whose sum is the divergence of the Dirichlet distributions of concentrations a and b
 * with those sums.
 */
export const dirichletKlTerm = (a: tf.Tensor, b: tf.Tensor, totals: Totals): tf.Tensor =>
  apply('dirichletKl', dirichletKlTermKernel, {a, b, ...totals});

/** a + ln Γ(a) + (1 − a) ψ(a), the entropy of the gamma distribution of rate 1. */
export const gammaEntropy = (a: tf.Tensor): tf.Tensor => apply('gammaEntropy', gammaEntropyKernel, {a});

/** ½ ln ν + ln B(ν/2, ½) + ½(ν + 1)(ψ((ν + 1)/2) − ψ(ν/2)), the entropy of Student's distribution of scale 1. */
export const studentTEntropy = (df: tf.Tensor): tf.Tensor => apply('studentTEntropy', studentTEntropyKernel, {df});
