/**
 * Poisson draws: below a rate of about 10 arrivals are counted, from there on Hörmann's transformed rejection with
 * squeeze (PTRS; "The transformed rejection method for generating Poisson random variables", 1993) is used.
 */
import {nextLogGamma} from './gamma.js';
import {exponentialOfFine, fineUniform, HUGE, LARGE_MEAN, openUniform, ROUNDS} from './noise.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {
  negativeBinomialOfProbsSamplerShader,
  negativeBinomialSamplerShader,
  poissonOfLogRateSamplerShader,
  poissonSamplerShader,
} from './countsShader.js';
import type {ElementStream} from '../../keys/elementStream.js';

/** (1 + e)·ln(1 + e) − e, by its series near 0. */
function deviance(e: number): number {
  if (Math.abs(e) > 0.1) return (1 + e) * Math.log1p(e) - e;
  let sum = 0;
  for (let n = 15; n >= 2; n--) sum = 1 / (n * (n - 1)) - e * sum;
  return e * e * sum;
}

const LOG_FACTORIALS = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880].map(Math.log);

/** k ln rate − rate − ln k!, with the difference k − rate given besides; from k = 10 on by Loader's saddle point. */
export function logMassByDifference(k: number, difference: number, rate: number): number {
  if (k < 10) return k * Math.log(rate) - rate - LOG_FACTORIALS[k]!;
  const y = 1 / (k * k);
  const error = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / k;
  return -rate * deviance(difference / rate) - error - 0.5 * Math.log(2 * Math.PI * k);
}

/**
 * What a product of 1 − v and e^{−rate} may differ by, relatively, while the sum of logarithms and `rate` compare the other
 * way: for rates below LARGE_MEAN and at most ROUNDS terms, rounding makes less than 10^-12.
 */
const UNSURE = 1e-11;
/** The fine uniform numbers of the count under way; one for all. */
const steps = new Float64Array(ROUNDS);

/** The time of arrival k, counted from 0: a sum of exponentials. */
function arrival(k: number): number {
  let time = 0;
  for (let i = 0; i <= k; i++) time += exponentialOfFine(steps[i]!);
  return time;
}

/**
 * How many arrivals there are by the time `rate`; for small rates. Arrival k is in time if the product of its 1 − v is
 * at least e^{−rate}: logarithms are taken only where that is not told from equality.
 */
function countArrivals(stream: ElementStream, rate: number): number {
  const bound = Math.exp(-rate);
  const surelyIn = bound * (1 + UNSURE);
  const surelyOut = bound * (1 - UNSURE);
  let product = 1;
  for (let k = 0; k < ROUNDS; k++) {
    const v = fineUniform(stream);
    steps[k] = v;
    product *= 1 - v;
    if (product < surelyOut || (!(product > surelyIn) && !(arrival(k) <= rate))) return k;
  }
  return ROUNDS;
}

function transformedRejection(stream: ElementStream, rate: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const sure = 0.9277 - 3.6224 / (b - 2);
  const whole = Math.floor(rate); // k − whole is counted: small numbers, where float32 would round k itself
  const rest = rate - whole;
  for (let i = 0; i < ROUNDS; i++) {
    const u = openUniform(stream) - 0.5;
    const v = openUniform(stream);
    const us = 0.5 - Math.abs(u);
    const step = Math.floor(((2 * a) / us + b) * u + rest + 0.43);
    const k = whole + step;
    if (us >= 0.07 && v <= sure) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= logMassByDifference(k, step - rest, rate)) return k;
  }
  return whole;
}

export function nextPoisson(stream: ElementStream, rate: number): number {
  if (!(rate < LARGE_MEAN)) return rate > HUGE || Number.isNaN(rate) ? rate : transformedRejection(stream, rate);
  return countArrivals(stream, rate);
}

export const poissonSampler: SamplerKernel = {
  kernelName: 'StSamplePoisson',
  inputs: ['rate'],
  shader: poissonSamplerShader,
  draw: (stream, rate) => nextPoisson(stream, rate),
};

export const poissonOfLogRateSampler: SamplerKernel = {
  kernelName: 'StSamplePoissonOfLogRate',
  inputs: ['logRate'],
  shader: poissonOfLogRateSamplerShader,
  draw: (stream, logRate) => nextPoisson(stream, Math.exp(logRate)),
};

/** Poisson of the rate g·e^{logits}, g gamma of concentration totalCount: successes before that many failures. */
export const negativeBinomialSampler: SamplerKernel = {
  kernelName: 'StSampleNegativeBinomial',
  inputs: ['totalCount', 'logits'],
  shader: negativeBinomialSamplerShader,
  draw: (stream, n, logits) => nextPoisson(stream, Math.exp(nextLogGamma(stream, n) + logits)),
};

export const negativeBinomialOfProbsSampler: SamplerKernel = {
  kernelName: 'StSampleNegativeBinomialOfProbs',
  inputs: ['totalCount', 'probs'],
  shader: negativeBinomialOfProbsSamplerShader,
  draw: (stream, n, probs) =>
    nextPoisson(stream, Math.exp(nextLogGamma(stream, n) + Math.log(probs) - Math.log1p(-probs))),
};
