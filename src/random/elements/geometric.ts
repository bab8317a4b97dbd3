/** Geometric draws: how many failures come before the first success. */
import {nextExponential, HUGE} from './noise.js';
import {geometricOfProbsSamplerShader, geometricSamplerShader} from './countsShader.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';

/** ⌊E / −ln(1 − p)⌋, E standard exponential (Devroye 1986, X.2.1); finite. */
export const geometricSampler: SamplerKernel = {
  kernelName: 'StSampleGeometric',
  inputs: ['logits'],
  shader: geometricSamplerShader,
  draw: (stream, logits) => {
    const speed = Math.max(logits, 0) + Math.log1p(Math.exp(-Math.abs(logits)));
    return Math.floor(Math.min(nextExponential(stream) / speed, HUGE));
  },
};

export const geometricOfProbsSampler: SamplerKernel = {
  kernelName: 'StSampleGeometricOfProbs',
  inputs: ['probs'],
  shader: geometricOfProbsSamplerShader,
  draw: (stream, probs) => Math.floor(Math.min(nextExponential(stream) / -Math.log1p(-probs), HUGE)),
};
