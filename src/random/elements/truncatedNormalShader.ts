/** Truncated normal draws on GPUs; src/random/elements/truncatedNormal.ts says how. */
import {FAR, ROUNDS} from './noise.js';
import {literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {exponentialShader, normalNoiseShader, openUniformShader} from './noiseShader.js';

export const truncatedNormalSamplerShader: ShaderFunction = {
  name: 'sampleTruncatedNormal',
  uses: [exponentialShader, normalNoiseShader, openUniformShader],
  source: () => `
fn truncatedExcess(low: f32, width: f32) -> f32 {
  var sum: f32 = 2.0 * low;
  if (low < ${literal(FAR)}) { sum = low + sqrt(low * low + 4.0); }
  if (width <= 2.0 * exp(0.5 - low / sum) / sum) {
    for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
      let d: f32 = width * streamUniform();
      if (streamExponential() >= d * (low + 0.5 * d)) { return d; }
    }
    return 0.0;
  }
  for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
    let d: f32 = 2.0 * streamExponential() / sum;
    let off: f32 = d - 2.0 / sum;
    if (d <= width) {
      if (streamExponential() >= 0.5 * off * off) { return d; }
    }
  }
  return 0.0;
}

fn truncatedMiddle(low: f32, high: f32) -> f32 {
  let wide: bool = high - low > ${literal(Math.sqrt(2 * Math.PI))};
  for (var i: i32 = 0; i < ${ROUNDS}; i = i + 1) {
    if (wide) {
      let z: f32 = streamNormal();
      if (z >= low && z <= high) { return z; }
    } else {
      let z: f32 = low + (high - low) * streamUniform();
      if (streamExponential() >= 0.5 * z * z) { return z; }
    }
  }
  return NAN;
}

fn sampleTruncatedNormal(loc: f32, scale: f32, low: f32, high: f32) -> f32 {
  let a: f32 = (low - loc) / scale;
  let b: f32 = (high - loc) / scale;
  let width: f32 = (high - low) / scale;
  if (isnan(width) || width < 0.0) { return NAN; }
  if (a > 0.0) { return min(low + scale * truncatedExcess(a, width), high); }
  if (b < 0.0) { return max(high - scale * truncatedExcess(0.0 - b, width), low); }
  return clamp(loc + scale * truncatedMiddle(a, b), low, high);
}`,
};
