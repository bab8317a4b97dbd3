/**
 * Truncated normal draws by rejection (Robert, "Simulation of truncated normal variables", 1995): from the normal
 * itself where the bounds hold much of it, from the uniform where they are close, and from a shifted exponential in the
 * tails. Every difference from the nearer bound is kept as such, so that a draw 10^6 scales out is as good as one in
 * the middle.
 */
import {nextExponential, FAR, nextNormal, openUniform, ROUNDS} from './noise.js';
import type {SamplerKernel} from '../../kernels/elementwise/definition.js';
import {truncatedNormalSamplerShader} from './truncatedNormalShader.js';
import type {ElementStream} from '../../keys/elementStream.js';

/** How far above `low` > 0 a draw truncated to [low, low + width] lies. */
function excess(stream: ElementStream, low: number, width: number): number {
  const sum = low + (low < FAR ? Math.sqrt(low * low + 4) : low); // twice the rate of the best exponential
  if (width <= (2 * Math.exp(0.5 - low / sum)) / sum) {
    for (let i = 0; i < ROUNDS; i++) {
      const d = width * openUniform(stream);
      if (nextExponential(stream) >= d * (low + d / 2)) return d;
    }
    return 0;
  }
  for (let i = 0; i < ROUNDS; i++) {
    const d = (2 * nextExponential(stream)) / sum;
    const off = d - 2 / sum; // the draw less the rate
    if (d <= width && nextExponential(stream) >= (off * off) / 2) return d;
  }
  return 0;
}

/** A draw from [low, high], which holds 0. */
function middle(stream: ElementStream, low: number, high: number): number {
  const wide = high - low > Math.sqrt(2 * Math.PI);
  for (let i = 0; i < ROUNDS; i++) {
    const z = wide ? nextNormal(stream) : low + (high - low) * openUniform(stream);
    if (wide ? z >= low && z <= high : nextExponential(stream) >= (z * z) / 2) return z;
  }
  return NaN;
}

/** Normal of mean loc and standard deviation scale, truncated to [low, high]. */
export const truncatedNormalSampler: SamplerKernel = {
  kernelName: 'StSampleTruncatedNormal',
  inputs: ['loc', 'scale', 'low', 'high'],
  shader: truncatedNormalSamplerShader,
  draw: (stream, loc, scale, low, high) => {
    const [a, b] = [(low - loc) / scale, (high - loc) / scale];
    const width = (high - low) / scale;
    if (!(width >= 0)) return NaN;
    const x =
      a > 0
        ? low + scale * excess(stream, a, width)
        : b < 0
          ? high - scale * excess(stream, -b, width)
          : loc + scale * middle(stream, a, b);
    return Math.min(Math.max(x, low), high);
  },
};
