/** Scaled Bessel functions for GPUs: the series of src/functions/bessel/scalar.ts, cut where float32 ends. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';

const FAR = '12.0';
const SQRT_HALF_OVER_PI = 1 / Math.sqrt(2 * Math.PI);

export const i0eMomentShader: ShaderFunction = {
  name: 'i0eMoment',
  source: () => `
fn i0eMoment(x: f32, n: f32) -> f32 {
  if (isnan(x) || isnan(n)) { return NAN; }
  let a: f32 = abs(x);
  var term: f32 = 1.0;
  var sum: f32 = 1.0;
  var k: f32 = 0.0;
  var m: f32 = 0.0;
  var factor: f32 = 1.0;
  if (a < ${FAR}) {
    while (term > 2e-8 * sum && k < 100.0) {
      term = term * (k + 0.5) / ((n + 1.0 + k) * (k + 1.0)) * 2.0 * a;
      sum = sum + term;
      k = k + 1.0;
    }
    while (m < n) {
      m = m + 1.0;
      factor = factor * (2.0 * m - 1.0) / m;
    }
    return factor * exp(-2.0 * a) * sum;
  }
  while (term > 2e-8 * sum && k < 24.0) {
    term = term * ((2.0 * k + 1.0) * (k + 0.5 + n) / (4.0 * (k + 1.0)) / a);
    sum = sum + term;
    k = k + 1.0;
  }
  while (m < n) {
    factor = factor * (m + 0.5) / a;
    m = m + 1.0;
  }
  return factor * sum * ${SQRT_HALF_OVER_PI} / sqrt(a);
}`,
};

export const i0eShader: ShaderFunction = {
  name: 'i0e',
  uses: [i0eMomentShader],
  source: () => `
fn i0e(x: f32) -> f32 {
  return i0eMoment(x, 0.0);
}`,
};

export const i1eShader: ShaderFunction = {
  name: 'i1e',
  source: () => `
fn i1e(x: f32) -> f32 {
  if (isnan(x)) { return NAN; }
  let a: f32 = abs(x);
  var term: f32 = 1.0;
  var sum: f32 = 1.0;
  var k: f32 = 0.0;
  if (a < ${FAR}) {
    while (term > 2e-8 * sum && k < 100.0) {
      term = term * (k + 1.5) / ((k + 3.0) * (k + 1.0)) * 2.0 * a;
      sum = sum + term;
      k = k + 1.0;
    }
    return 0.5 * x * exp(-2.0 * a) * sum;
  }
  while (abs(term) > 2e-8 && k < 24.0) {
    term = term * (((2.0 * k + 1.0) * (2.0 * k + 1.0) - 4.0) / (8.0 * (k + 1.0)) / a);
    sum = sum + term;
    k = k + 1.0;
  }
  return sign(x) * sum * ${SQRT_HALF_OVER_PI} / sqrt(a);
}`,
};
