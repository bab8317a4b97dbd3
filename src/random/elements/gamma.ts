/**
 * Gamma draws and what is made of them.
 *
 * Marsaglia and Tsang, "A simple method for generating gamma variables" (2000): with d = a − 1/3, c = 1/√(9d), n normal
 * and u uniform, d(1 + cn)³ is gamma of concentration a >= 1 if ln u < n²/2 + d − dv + d ln v, v = (1 + cn)³. With y =
 * cn the right-hand side is 3d·(ln(1 + y) − y + y²/2 − y³/3), in which nothing cancels. A concentration a < 1 is raised
 * by 1 and the draw multiplied by u^(1/a), whose logarithm is kept: for a = 1/1000 it is often below −1000.
 */
import {ALMOST_ONE, nextExponential, HUGE, nextNormal, openUniform, ROUNDS, TINY} from './noise.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {betaSamplerShader, gammaSamplerShader, logGammaSamplerShader, studentTSamplerShader} from './gammaShader.js';
import type {ElementStream} from '../../keys/elementStream.js';

/** y of the accepted draw d(1 + y)³. */
function accepted(stream: ElementStream, d: number): number {
  const c = 1 / Math.sqrt(9 * d);
  for (let i = 0; i < ROUNDS; i++) {
    const n = nextNormal(stream);
    const y = c * n;
    if (y <= -1) continue;
    const u = openUniform(stream);
    if (u < 1 - 0.0331 * n * n * n * n) return y; // implies what follows
    if (Math.log(u) < 3 * d * (Math.log1p(y) - y * (1 - y * (0.5 - y / 3)))) return y;
  }
  return NaN;
}

/** A gamma draw g of concentration a in two parts: g = value·e^{exponent}. */
interface GammaParts {
  value: number;
  exponent: number;
}
const parts: GammaParts = {value: 0, exponent: 0}; // one for all: no object a draw

function gammaParts(stream: ElementStream, a: number): GammaParts {
  const small = a < 1;
  const d = (small ? a + 1 : a) - 1 / 3;
  const y = accepted(stream, d);
  parts.value = d * (1 + y) * (1 + y) * (1 + y);
  parts.exponent = small ? -nextExponential(stream) / a : 0;
  return parts;
}

/** ln g of a gamma draw of concentration a and rate 1; finite. */
export function nextLogGamma(stream: ElementStream, a: number): number {
  const {value, exponent} = gammaParts(stream, a);
  return Math.max(Math.log(value) + exponent, -HUGE);
}

/** A gamma draw, at least the smallest normal float32. */
export const gammaSampler: SamplerKernel = {
  kernelName: 'StSampleGamma',
  inputs: ['concentration', 'rate'],
  shader: gammaSamplerShader,
  draw: (stream, a, rate) => {
    const {value, exponent} = gammaParts(stream, a);
    return Math.max(exponent === 0 ? value / rate : Math.exp(Math.log(value / rate) + exponent), TINY);
  },
};

/** The logarithm of a gamma draw of rate 1. */
export const logGammaSampler: SamplerKernel = {
  kernelName: 'StSampleLogGamma',
  inputs: ['concentration'],
  shader: logGammaSamplerShader,
  draw: (stream, a) => nextLogGamma(stream, a),
};

/** g1 / (g1 + g0), inside (0, 1) in float32 too. */
export const betaSampler: SamplerKernel = {
  kernelName: 'StSampleBeta',
  inputs: ['concentration1', 'concentration0'],
  shader: betaSamplerShader,
  draw: (stream, c1, c0) => {
    const first = gammaParts(stream, c1);
    const [value1, exponent1] = [first.value, first.exponent];
    const second = gammaParts(stream, c0);
    const odds = (second.value / value1) * Math.exp(second.exponent - exponent1); // of zero against one
    return Math.min(Math.max(1 / (1 + odds), TINY), ALMOST_ONE);
  },
};

/** n·√(df / 2g): Student's t of df degrees of freedom, n normal and g gamma of concentration df/2; finite. */
export const studentTSampler: SamplerKernel = {
  kernelName: 'StSampleStudentT',
  inputs: ['df'],
  shader: studentTSamplerShader,
  draw: (stream, df) => {
    const n = nextNormal(stream);
    const {value, exponent} = gammaParts(stream, df / 2);
    const t = n * Math.sqrt(df / (2 * value)) * Math.exp(-exponent / 2);
    return Math.min(Math.max(t, -HUGE), HUGE);
  },
};
