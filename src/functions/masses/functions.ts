/**
 * Logarithms of the masses of the binomial families, from logits l, p = σ(l); all take numbers, arrays or tensors,
 * which broadcast. They and their derivatives lose nothing near k = np nor at l = ±80. GPUs follow Loader (2000), "Fast
 * and accurate computation of binomial probabilities".
 */
import type * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {
  binomialLogMassKernel,
  binomialScoreKernel,
  binomialSlopeKKernel,
  binomialSlopeNKernel,
  expOfOthersKernel,
  multinomialTermKernel,
  negativeBinomialLogMassKernel,
  negativeBinomialScoreKernel,
  negativeBinomialSlopeKKernel,
  negativeBinomialSlopeNKernel,
  weighKernel,
} from './kernels.js';

/**
 * ln C(n, k) + k ln p + (n − k) ln(1 − p); −∞ outside 0 <= k <= n. Differentiable in k and n too, as Γ continues it.
 */
export function binomialLogMass(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('binomialLogMass', binomialLogMassKernel, {k, n, logits});
}

/** k − n p. */
export function binomialScore(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('binomialScore', binomialScoreKernel, {k, n, logits});
}

/** The derivative of `binomialLogMass` by k. */
export function binomialSlopeK(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('binomialLogMass', binomialSlopeKKernel, {k, n, logits});
}

/** The derivative of `binomialLogMass` by n. */
export function binomialSlopeN(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('binomialLogMass', binomialSlopeNKernel, {k, n, logits});
}

/**
 * ln Γ(n + k) − ln Γ(n) − ln Γ(k + 1) + n ln(1 − p) + k ln p, for n > 0; −∞ where k < 0. Differentiable in every
 * argument.
 */
export function negativeBinomialLogMass(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('negativeBinomialLogMass', negativeBinomialLogMassKernel, {k, n, logits});
}

/** k (1 − p) − n p. */
export function negativeBinomialScore(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('negativeBinomialScore', negativeBinomialScoreKernel, {k, n, logits});
}

/** The derivative of `negativeBinomialLogMass` by k. */
export function negativeBinomialSlopeK(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('negativeBinomialLogMass', negativeBinomialSlopeKKernel, {k, n, logits});
}

/** The derivative of `negativeBinomialLogMass` by n. */
export function negativeBinomialSlopeN(k: MathInput, n: MathInput, logits: MathInput): tf.Tensor {
  return apply('negativeBinomialLogMass', negativeBinomialSlopeNKernel, {k, n, logits});
}

/**
 * D(k, b) + ln k! − k ln k + k with b = n e^logP and D(k, b) = k ln(k/b) − k + b; b where k is 0, ∞ where b alone is.
 * What a count of k adds to −ln of a multinomial mass, with Stirling's formula taken out, so that it is not large where
 * the mass is not small (after Loader 2000).
 */
export function multinomialTerm(k: MathInput, n: MathInput, logP: MathInput): tf.Tensor {
  return apply('multinomialTerm', multinomialTermKernel, {k, n, logP});
}

/** p·t, 0 where p is 0 though t be infinite. */
export function weigh(p: MathInput, t: MathInput): tf.Tensor {
  return apply('weigh', weighKernel, {p, t});
}

/** e^x, 0 where x is 0: of the classes beside the greatest. */
export function expOfOthers(x: MathInput): tf.Tensor {
  return apply('logSoftmax', expOfOthersKernel, {x});
}
