/**
 * Standard noise for GPUs from the words of src/random/elements/noise.ts, with sines of its own: those of a GPU may be
 * good to 2^-11.
 */
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {shaderStream} from '../../kernels/elementwise/shaderStream.js';
import {log1pShader} from '../../functions/elementary/shader.js';

const UNIT = literal(2 ** -32);

/** Uniform on (0, 1), to rounding. */
export const openUniformShader: ShaderFunction = {
  name: 'streamUniform',
  uses: [shaderStream],
  source: () => `
fn streamUniform() -> f32 {
  return (f32(streamNext()) + 0.5) * ${UNIT};
}`,
};

/** Standard exponential. */
export const exponentialShader: ShaderFunction = {
  name: 'streamExponential',
  uses: [shaderStream, log1pShader],
  source: () => `
fn streamExponential() -> f32 {
  let w: u32 = streamNext();
  if (w == 0u) { return (f32(streamNext()) + 0.5) * ${literal(2 ** -64)}; }
  if (w < 2147483648u) { return 0.0 - log1p((f32(w) + 0.5) * ${literal(-(2 ** -32))}); }
  return 0.0 - log((f32(4294967295u ^ w) + 0.5) * ${UNIT});
}`,
};

/** sin x and cos x for |x| <= π/4. */
export const smallSinShader: ShaderFunction = {
  name: 'smallSin',
  source: () => `
fn smallSin(x: f32) -> f32 {
  let s: f32 = x * x;
  return x * ${horner('s', [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880])};
}`,
};
export const smallCosShader: ShaderFunction = {
  name: 'smallCos',
  source: () => `
fn smallCos(x: f32) -> f32 {
  let s: f32 = x * x;
  return ${horner('s', [1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320])};
}`,
};

/** Standard normal: the angle is a quarter turn less or more than an exact small one. */
export const normalNoiseShader: ShaderFunction = {
  name: 'streamNormal',
  uses: [shaderStream, exponentialShader, smallSinShader, smallCosShader],
  source: () => `
fn turnCos(w: u32) -> f32 {
  let s: u32 = w + 536870912u;
  let quarter: u32 = s >> 30u;
  let x: f32 = f32(i32(s & 1073741823u) - 536870912) * ${literal(2 * Math.PI * 2 ** -32)};
  if (quarter == 0u) { return smallCos(x); }
  if (quarter == 1u) { return 0.0 - smallSin(x); }
  if (quarter == 2u) { return 0.0 - smallCos(x); }
  return smallSin(x);
}

fn streamNormal() -> f32 {
  let radius: f32 = sqrt(2.0 * streamExponential());
  return radius * turnCos(streamNext());
}`,
};
