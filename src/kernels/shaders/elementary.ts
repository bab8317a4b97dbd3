/** Elementary functions for GPUs, which have exp and log alone, to float32 near zeros and at 0. */
import {horner} from '../elementwise/dialect.js';
import type {ShaderFunction} from '../elementwise/definition.js';

/** ln x, −∞ at 0 (the logarithm of a GPU may give about −88 there) and NaN below. */
export const logShader: ShaderFunction = {
  name: 'safeLog',
  source: `
fn safeLog(x: f32) -> f32 {
  if (x == 0.0) { return -INFINITY; }
  if (x < 0.0) { return NAN; }
  return log(x);
}`,
};

/** e^x − 1: near 0 its Taylor series. */
export const expm1Shader: ShaderFunction = {
  name: 'expm1',
  source: `
fn expm1(x: f32) -> f32 {
  if (abs(x) < 0.5) {
    return x * ${horner('x', [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320])};
  }
  return exp(x) - 1.0;
}`,
};

/** ln(1 + x): near 0, 2 artanh(x / (2 + x)). */
export const log1pShader: ShaderFunction = {
  name: 'log1p',
  uses: [logShader],
  source: `
fn log1p(x: f32) -> f32 {
  if (abs(x) < 0.4) {
    let s: f32 = x / (2.0 + x);
    let t: f32 = s * s;
    return 2.0 * s * ${horner('t', [1, 1 / 3, 1 / 5, 1 / 7, 1 / 9])};
  }
  return safeLog(1.0 + x);
}`,
};
