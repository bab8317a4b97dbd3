/** The standard Cauchy distribution for GPUs, whose own tan and atan keep few digits. */
import {horner} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {log1pShader} from '../elementary/shader.js';

/** atan x for 0 <= x <= 1: by the angle sum with π/8 and the Taylor series to x¹³. */
const atanUnit: ShaderFunction = {
  name: 'atanUnit',
  source: () => `
fn atanUnit(x: f32) -> f32 {
  let t: f32 = select((x - 0.41421356237) / (1.0 + 0.41421356237 * x), x, x < 0.2);
  let s: f32 = t * t;
  let a: f32 = t * ${horner('s', [1, -1 / 3, 1 / 5, -1 / 7, 1 / 9, -1 / 11, 1 / 13, -1 / 15])};
  return select(0.39269908170 + a, a, x < 0.2);
}`,
};

/** tan x for 0 <= x <= π/4: sine by cosine, each by its Taylor series. */
const tanEighth: ShaderFunction = {
  name: 'tanEighth',
  source: () => `
fn tanEighth(x: f32) -> f32 {
  let s: f32 = x * x;
  return x * ${horner('s', [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880])} / ${horner('s', [1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320])};
}`,
};

export const cauchyLogDensityShader: ShaderFunction = {
  name: 'cauchyLogDensity',
  uses: [log1pShader],
  source: () => `
fn cauchyLogDensity(z: f32) -> f32 {
  let a: f32 = abs(z);
  if (a > 1.0) {
    let r: f32 = 1.0 / a;
    return -1.1447298858 - 2.0 * log(a) - log1p(r * r);
  }
  return -1.1447298858 - log1p(a * a);
}`,
};

export const cauchyLogSlopeShader: ShaderFunction = {
  name: 'cauchyLogSlope',
  source: () => `
fn cauchyLogSlope(z: f32) -> f32 {
  if (abs(z) > 1.0) { return -2.0 / (z + 1.0 / z); }
  return -2.0 * z / (1.0 + z * z);
}`,
};

export const cauchyWeightShader: ShaderFunction = {
  name: 'cauchyWeight',
  source: () => `
fn cauchyWeight(z: f32) -> f32 {
  if (abs(z) > 1.0e19) { return 0.0; }
  return 1.0 / (1.0 + z * z);
}`,
};

export const halfCauchyCdfShader: ShaderFunction = {
  name: 'halfCauchyCdf',
  uses: [atanUnit],
  source: () => `
fn halfCauchyCdf(z: f32) -> f32 {
  if (z > 1.0) { return 1.0 - 0.63661977237 * atanUnit(1.0 / z); }
  if (z < 0.0) { return 0.0; }
  return 0.63661977237 * atanUnit(z);
}`,
};

export const cauchyCdfShader: ShaderFunction = {
  name: 'cauchyCdf',
  uses: [atanUnit],
  source: () => `
fn cauchyCdf(z: f32) -> f32 {
  let a: f32 = abs(z);
  var outer: f32 = 0.0;
  if (a > 1.0) {
    outer = 0.31830988618 * atanUnit(1.0 / a);
  } else {
    outer = 0.5 - 0.31830988618 * atanUnit(a);
  }
  return select(1.0 - outer, outer, z < 0.0);
}`,
};

export const halfCauchyQuantileShader: ShaderFunction = {
  name: 'halfCauchyQuantile',
  uses: [tanEighth],
  source: () => `
fn halfCauchyQuantile(p: f32) -> f32 {
  if (p < 0.0 || p > 1.0) { return NAN; }
  if (p == 1.0) { return INFINITY; }
  if (p > 0.5) { return 1.0 / tanEighth(1.57079632679 * (1.0 - p)); }
  return tanEighth(1.57079632679 * p);
}`,
};

export const cauchyQuantileShader: ShaderFunction = {
  name: 'cauchyQuantile',
  uses: [tanEighth],
  source: () => `
fn cauchyQuantile(p: f32) -> f32 {
  if (p < 0.0 || p > 1.0) { return NAN; }
  if (p == 0.0) { return -INFINITY; }
  if (p == 1.0) { return INFINITY; }
  if (p < 0.25) { return -1.0 / tanEighth(3.14159265359 * p); }
  if (p > 0.75) { return 1.0 / tanEighth(3.14159265359 * (1.0 - p)); }
  let x: f32 = 3.14159265359 * (p - 0.5);
  return select(tanEighth(x), -tanEighth(-x), x < 0.0);
}`,
};
