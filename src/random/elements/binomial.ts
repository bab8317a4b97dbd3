/**
 * Binomial draws. With p, the smaller of the two probabilities: below n·p = 10 or so waiting times (Devroye 1986,
 * X.4.3: of n exponential clocks those that ring before −ln(1 − p)), from there on Hörmann's transformed rejection with
 * squeeze (BTRS; "The generation of binomial random variates", 1993).
 */
import {nextExponential, LARGE_MEAN, openUniform, ROUNDS} from './noise.js';
import {logMassByDifference} from './poisson.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {binomialOfProbsSamplerShader, binomialSamplerShader} from './countsShader.js';
import type {ElementStream} from '../../keys/elementStream.js';

/** How many of n clocks ring before `end`. */
function countRings(stream: ElementStream, n: number, end: number): number {
  let time = 0;
  let k = 0;
  while (k < n && k < ROUNDS) {
    time += nextExponential(stream) / (n - k);
    if (time > end) break;
    k++;
  }
  return k;
}

/**
 * For p <= 1/2 and q = 1 − p. The mass of k is proportional to that of two Poisson counts, k of rate np and n − k of
 * rate nq.
 */
function transformedRejection(stream: ElementStream, n: number, p: number, q: number): number {
  const [np, nq] = [n * p, n * q];
  const spread = Math.sqrt(np * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const sure = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const logMassOf = (k: number) => logMassByDifference(k, k - np, np) + logMassByDifference(n - k, np - k, nq);
  const mode = Math.floor(np + p);
  for (let i = 0; i < ROUNDS; i++) {
    const u = openUniform(stream) - 0.5;
    const v = openUniform(stream);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + np + 0.5);
    if (us >= 0.07 && v <= sure) return k;
    if (k < 0 || k > n) continue;
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= logMassOf(k) - logMassOf(mode)) return k;
  }
  return Math.floor(np);
}

/** `end` = −ln(1 − p), p <= 1/2. */
function lowerHalf(stream: ElementStream, n: number, p: number, q: number, end: number): number {
  return n * p < LARGE_MEAN ? countRings(stream, n, end) : transformedRejection(stream, n, p, q);
}

export const binomialSampler: SamplerKernel = {
  kernelName: 'StSampleBinomial',
  inputs: ['totalCount', 'logits'],
  shader: binomialSamplerShader,
  draw: (stream, n, logits) => {
    if (Number.isNaN(n) || Number.isNaN(logits)) return NaN;
    const odds = Math.exp(-Math.abs(logits));
    const k = lowerHalf(stream, n, odds / (1 + odds), 1 / (1 + odds), Math.log1p(odds));
    return logits > 0 ? n - k : k;
  },
};

export const binomialOfProbsSampler: SamplerKernel = {
  kernelName: 'StSampleBinomialOfProbs',
  inputs: ['totalCount', 'probs'],
  shader: binomialOfProbsSamplerShader,
  draw: (stream, n, probs) => {
    if (Number.isNaN(n) || Number.isNaN(probs)) return NaN;
    const p = Math.min(probs, 1 - probs);
    const k = lowerHalf(stream, n, p, 1 - p, -Math.log1p(-p));
    return probs > 0.5 ? n - k : k;
  },
};
