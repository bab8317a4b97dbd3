/** Geometric draws: how many failures come before the first success. */
import {exponential, HUGE} from './noise.js';
import type {ElementSampler} from './sampler.js';

/** ⌊E / −ln(1 − p)⌋, E standard exponential (Devroye 1986, X.2.1); finite. */
export const geometricSampler = {
  kernelName: 'StSampleGeometric',
  inputs: ['logits'],
  draw: (stream, logits) => {
    const speed = Math.max(logits, 0) + Math.log1p(Math.exp(-Math.abs(logits)));
    return Math.floor(Math.min(exponential(stream) / speed, HUGE));
  },
} as const satisfies ElementSampler;

export const geometricOfProbsSampler = {
  kernelName: 'StSampleGeometricOfProbs',
  inputs: ['probs'],
  draw: (stream, probs) => Math.floor(Math.min(exponential(stream) / -Math.log1p(-probs), HUGE)),
} as const satisfies ElementSampler;
