/** Sampler kernels: how a number is drawn on hosts (src/random/elements), and on GPUs. */
import {binomialOfProbsSampler, binomialSampler} from '../../random/elements/binomial.js';
import {betaSampler, gammaSampler, logGammaSampler, studentTSampler} from '../../random/elements/gamma.js';
import {geometricOfProbsSampler, geometricSampler} from '../../random/elements/geometric.js';
import {
  negativeBinomialOfProbsSampler, negativeBinomialSampler, poissonOfLogRateSampler, poissonSampler,
} from '../../random/elements/poisson.js';
import {truncatedNormalSampler} from '../../random/elements/truncatedNormal.js';
import {vonMisesSampler} from '../../random/elements/vonMises.js';
import type {SamplerKernel} from '../elementwise/definition.js';
import * as counts from '../shaders/samplersCounts.js';
import * as gammas from '../shaders/samplersGamma.js';
import {truncatedNormalSamplerShader} from '../shaders/samplersTruncatedNormal.js';
import {vonMisesSamplerShader} from '../shaders/samplersVonMises.js';

export const samplerKernels: readonly SamplerKernel[] = [
  {...gammaSampler, shader: gammas.gammaSamplerShader},
  {...logGammaSampler, shader: gammas.logGammaSamplerShader},
  {...betaSampler, shader: gammas.betaSamplerShader},
  {...studentTSampler, shader: gammas.studentTSamplerShader},
  {...poissonSampler, shader: counts.poissonSamplerShader},
  {...poissonOfLogRateSampler, shader: counts.poissonOfLogRateSamplerShader},
  {...negativeBinomialSampler, shader: counts.negativeBinomialSamplerShader},
  {...negativeBinomialOfProbsSampler, shader: counts.negativeBinomialOfProbsSamplerShader},
  {...binomialSampler, shader: counts.binomialSamplerShader},
  {...binomialOfProbsSampler, shader: counts.binomialOfProbsSamplerShader},
  {...geometricSampler, shader: counts.geometricSamplerShader},
  {...geometricOfProbsSampler, shader: counts.geometricOfProbsSamplerShader},
  {...vonMisesSampler, shader: vonMisesSamplerShader},
  {...truncatedNormalSampler, shader: truncatedNormalSamplerShader},
];
