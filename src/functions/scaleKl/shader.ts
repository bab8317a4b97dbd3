/** Divergences of families by location and scale for GPUs: the sums of src/functions/scaleKl/scalar.ts. */
import {LGAMMA_TERMS} from './scalar.js';
import {horner} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1mxShader, log1pmxShader, log1pShader, logShader} from '../elementary/shader.js';
import {logRatioShader} from '../families/shader.js';
import {lgammaPositiveShader} from '../gamma/shader.js';

const EULER = 0.5772156649015329;

export const ratioExcessShader: ShaderFunction = {
  name: 'ratioExcess',
  uses: [log1pmxShader, logRatioShader],
  source: () => `
fn ratioExcess(x: f32, y: f32) -> f32 {
  let u: f32 = (x - y) / y;
  if (u > -0.5 && u < 1.0) { return -log1pmx(u); }
  return u - logRatio(x, y);
}`,
};

const lgammaBendShader: ShaderFunction = {
  name: 'lgammaBend',
  source: () => `
fn lgammaBend(z: f32) -> f32 {
  return z * z * ${horner('z', LGAMMA_TERMS().slice(0, 13))};
}`,
};

export const lgammaRatioShader: ShaderFunction = {
  name: 'lgammaRatio',
  uses: [lgammaBendShader, lgammaPositiveShader],
  source: () => `
fn lgammaRatio(x: f32, y: f32) -> f32 {
  let z: f32 = (x - y) / y;
  if (abs(z) < 0.5) { return ${1 - EULER} * z + lgammaBend(z); }
  return lgammaPositive(1.0 + x / y);
}`,
};

const lgammaExcessShader: ShaderFunction = {
  name: 'lgammaExcess',
  uses: [lgammaBendShader, lgammaPositiveShader, log1pmxShader, logRatioShader],
  source: () => `
fn lgammaExcess(x: f32, y: f32) -> f32 {
  let z: f32 = (x - y) / y;
  if (abs(z) < 0.5) { return lgammaBend(z) - log1pmx(z); }
  return lgammaPositive(1.0 + x / y) - logRatio(x, y) + ${EULER} * z;
}`,
};

export const normalKlShader: ShaderFunction = {
  name: 'normalKl',
  uses: [ratioExcessShader],
  source: () => `
fn normalKl(m: f32, s: f32, n: f32, t: f32) -> f32 {
  let u: f32 = (s - t) / t;
  let d: f32 = (m - n) / t;
  return ratioExcess(s, t) + 0.5 * (u * u + d * d);
}`,
};

export const laplaceBendShader: ShaderFunction = {
  name: 'laplaceBend',
  uses: [expm1mxShader],
  source: () => `
fn laplaceBend(d: f32, s: f32, t: f32) -> f32 {
  if (d < s) { return (s / t) * expm1mx(-d / s); }
  return d / t + (s / t) * expm1(-min(d / s, 1e30));
}`,
};

export const laplaceKlShader: ShaderFunction = {
  name: 'laplaceKl',
  uses: [ratioExcessShader, laplaceBendShader],
  source: () => `
fn laplaceKl(m: f32, s: f32, n: f32, t: f32) -> f32 {
  return ratioExcess(s, t) + laplaceBend(abs(m - n), s, t);
}`,
};

export const gumbelKlShader: ShaderFunction = {
  name: 'gumbelKl',
  uses: [lgammaExcessShader, lgammaRatioShader, expm1mxShader],
  source: () => `
fn gumbelKl(m: f32, s: f32, n: f32, t: f32) -> f32 {
  return lgammaExcess(s, t) + expm1mx(lgammaRatio(s, t) - (m - n) / t);
}`,
};

export const weibullKlShader: ShaderFunction = {
  name: 'weibullKl',
  uses: [lgammaExcessShader, lgammaRatioShader, expm1mxShader],
  source: () => `
fn weibullKl(k: f32, s: f32, c: f32, t: f32) -> f32 {
  return lgammaExcess(c, k) + expm1mx(lgammaRatio(c, k) - c * logRatio(t, s));
}`,
};

/** Far apart by logarithms, since the products of ratios leave single precision. */
export const cauchyKlShader: ShaderFunction = {
  name: 'cauchyKl',
  uses: [log1pShader],
  source: () => `
fn cauchyKl(m: f32, s: f32, n: f32, t: f32) -> f32 {
  let a: f32 = abs(s - t);
  let d: f32 = abs(m - n);
  let low: f32 = min(s, t);
  let high: f32 = max(s, t);
  let far: f32 = max(a, d);
  if (far / low < 1e15 && far / high < 1e15) { return log1p(0.25 * ((a / s) * (a / t) + (d / s) * (d / t))); }
  let wide: f32 = max(s + t, d);
  let narrow: f32 = min(s + t, d) / wide;
  return 2.0 * log(wide) - log(s) - log(t) + (log(1.0 + narrow * narrow) - ${Math.log(4)});
}`,
};

export const uniformKlShader: ShaderFunction = {
  name: 'uniformKl',
  uses: [log1pShader, logShader],
  source: () => `
fn uniformKl(a: f32, b: f32, c: f32, d: f32) -> f32 {
  if (isnan(a) || isnan(b) || isnan(c) || isnan(d)) { return NAN; }
  if (a < c || b > d) { return INFINITY; }
  let more: f32 = (d - b) + (a - c);
  if (more / (b - a) < 1e30) { return log1p(more / (b - a)); }
  return log(d - c) - log(b - a);
}`,
};
