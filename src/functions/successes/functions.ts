/**
 * Logarithms of masses in terms of a probability p. Where p is 0 or 1 they have the one-sided derivatives in p if those
 * are finite; where they are −∞ they are constants. All take numbers, arrays or tensors, which broadcast.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  binomialLogMassOfProbsKernel,
  multinomialTermOfProbsKernel,
  negativeBinomialLogMassOfProbsKernel,
  successCurvatureKernel,
  successLogMassKernel,
  successScoreKernel,
} from './kernels.js';

/** h ln p + m ln(1 − p), where a count of 0 makes its term 0. */
export function successLogMass(h: MathInput, m: MathInput, p: MathInput): tf.Tensor {
  return apply('successLogMass', successLogMassKernel, {h, m, p});
}

/** h/p − m/(1 − p). */
export function successScore(h: MathInput, m: MathInput, p: MathInput): tf.Tensor {
  return apply('successScore', successScoreKernel, {h, m, p});
}

/** −h/p² − m/(1 − p)². */
export function successCurvature(h: MathInput, m: MathInput, p: MathInput): tf.Tensor {
  return apply('successCurvature', successCurvatureKernel, {h, m, p});
}

/** As `binomialLogMass`, by the probability. */
export function binomialLogMassOfProbs(k: MathInput, n: MathInput, p: MathInput): tf.Tensor {
  return apply('binomialLogMass', binomialLogMassOfProbsKernel, {k, n, p});
}

/** As `negativeBinomialLogMass`, by the probability. */
export function negativeBinomialLogMassOfProbs(k: MathInput, n: MathInput, p: MathInput): tf.Tensor {
  return apply('negativeBinomialLogMass', negativeBinomialLogMassOfProbsKernel, {k, n, p});
}

/** As `multinomialTerm`, by the probability. */
export function multinomialTermOfProbs(k: MathInput, n: MathInput, p: MathInput): tf.Tensor {
  return apply('multinomialTerm', multinomialTermOfProbsKernel, {k, n, p});
}
