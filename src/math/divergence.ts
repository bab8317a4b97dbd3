/** Terms of Kullback–Leibler divergences, accurate though the two distributions be almost the same. */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from './apply.js';

/**
 * q ln(q/p) − q + p for q, p >= 0: never negative, 0 where they are equal, p where q is 0, ∞ where p alone is 0. Summed over probabilities
 * it is their divergence; of two rates it is that of two Poisson distributions.
 */
export function klTerm(q: MathInput, p: MathInput): tf.Tensor {
  return apply('klTerm', 'StKlTerm', {q, p});
}

/** `klTerm` of e^logQ and e^logP. */
export function klTermOfLogs(logQ: MathInput, logP: MathInput): tf.Tensor {
  return apply('klTermOfLogs', 'StKlTermOfLogs', {logQ, logP});
}

/** The divergence of two Bernoulli distributions by their probabilities. */
export function klOfProbs(q: MathInput, p: MathInput): tf.Tensor {
  return apply('klOfProbs', 'StKlOfProbs', {q, p});
}

/** The divergence of two Bernoulli distributions by their logits. */
export function klOfLogits(q: MathInput, p: MathInput): tf.Tensor {
  return apply('klOfLogits', 'StKlOfLogits', {q, p});
}
