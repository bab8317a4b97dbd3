/** Terms of Kullback–Leibler divergences, accurate though the two distributions be almost the same. */
import * as tf from '@tensorflow/tfjs-core';
import {apply, type MathInput} from '../../kernels/elementwise/apply.js';
import {expm1mx, log1p, safeLog} from '../elementary/index.js';
import {logSoftmax} from '../logarithms/index.js';
import {select} from '../../math/numerics.js';
import {stopGradient} from '../../math/stopGradient.js';
import {
  geometricKlKernel,
  geometricKlOfLogitsKernel,
  klOfLogitsKernel,
  klOfProbsKernel,
  klTermKernel,
  klTermOfLogsKernel,
} from './kernels.js';

/** A bound of log-weights that are no mask. */
const FINITE = 1e30;

/**
 * q ln(q/p) − q + p for q, p >= 0: never negative, 0 where they are equal, p where q is 0, ∞ where p alone is 0. Summed
 * over probabilities it is their divergence; of two rates it is that of two Poisson distributions.
 */
export function klTerm(q: MathInput, p: MathInput): tf.Tensor {
  return apply('klTerm', klTermKernel, {q, p});
}

/** `klTerm` of e^logQ and e^logP. */
export function klTermOfLogs(logQ: MathInput, logP: MathInput): tf.Tensor {
  return apply('klTermOfLogs', klTermOfLogsKernel, {logQ, logP});
}

/** The divergence of two Bernoulli distributions by their probabilities. */
export function klOfProbs(q: MathInput, p: MathInput): tf.Tensor {
  return apply('klOfProbs', klOfProbsKernel, {q, p});
}

/** The divergence of two Bernoulli distributions by their logits. */
export function klOfLogits(q: MathInput, p: MathInput): tf.Tensor {
  return apply('klOfLogits', klOfLogitsKernel, {q, p});
}

/** The divergence of two geometric distributions by their probabilities of success: that of one trial over q. */
export function geometricKl(q: MathInput, p: MathInput): tf.Tensor {
  return apply('geometricKl', geometricKlKernel, {q, p});
}

/** The divergence of two geometric distributions by the logits of their probabilities of success. */
export function geometricKlOfLogits(q: MathInput, p: MathInput): tf.Tensor {
  return apply('geometricKl', geometricKlOfLogitsKernel, {q, p});
}

/**
 * The divergence of two distributions of classes by log-weights along the last axis, which need not be normalised.
 * Where none of the weights differs much, it is ln(1 + Σ q (e^u − 1 − u)), u the change of the log-weight less its mean
 * under q: normalising first would round away what is left.
 */
export function klOfLogWeights(q: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const logQ = logSoftmax(q);
  const far = tf.sum(klTermOfLogs(logQ, logSoftmax(p)), -1);
  const raw = stopGradient(tf.sub(p, q));
  const isFinite = tf.less(tf.abs(raw), FINITE);
  const isMasked = tf.logicalAnd(tf.less(stopGradient(q), -FINITE), tf.less(stopGradient(p), -FINITE));
  const difference = select(isFinite, tf.sub(p, q), 0);
  const weights = tf.exp(logQ);
  const centre = (t: tf.Tensor) => select(isFinite, tf.sub(t, tf.sum(tf.mul(weights, t), -1, true)), 0);
  const centred = centre(centre(difference)); // twice, as the first mean is rounded to its own size
  const isNear = tf.all(
    tf.logicalOr(isMasked, tf.logicalAnd(isFinite, tf.lessEqual(tf.abs(stopGradient(centred)), 0.5))),
    -1,
    true,
  );
  const near = log1p(tf.sum(tf.mul(weights, expm1mx(select(isNear, centred, 0))), -1));
  return select(tf.squeeze(isNear, [-1]), near, far);
}

/** Probabilities of classes along the last axis, or log-weights. */
export interface Classes {
  by: 'logits' | 'probs';
  value: tf.Tensor;
}

const logProbsOf = ({by, value}: Classes): tf.Tensor => (by === 'logits' ? logSoftmax(value) : safeLog(value));

/** Σ q ln(q/p) over the last axis. */
export function classesKl(q: Classes, p: Classes): tf.Tensor {
  if (q.by === 'logits' && p.by === 'logits') return klOfLogWeights(q.value, p.value);
  const byProbs = q.by === 'probs' && p.by === 'probs';
  return tf.sum(byProbs ? klTerm(q.value, p.value) : klTermOfLogs(logProbsOf(q), logProbsOf(p)), -1);
}
