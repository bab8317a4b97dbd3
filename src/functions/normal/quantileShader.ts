/** The quantile of the normal distribution and the inverse of erf for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {hazardShader, quotient} from './shader.js';

/** Φ⁻¹(½ + q) with the tail ½ − |q|: PPND7 of AS 241, about 1 part in 10⁷. */
const quantileShader: ShaderFunction = {
  name: 'normalQuantile',
  source: () => `
fn normalQuantile(q: f32, tail: f32) -> f32 {
  if (isnan(q)) { return NAN; }
  if (abs(q) <= 0.425) {
    let t: f32 = 0.180625 - q * q;
    return q * (${quotient('t', {
      above: [3.3871327179, 50.434271938, 159.29113202, 59.10937472],
      below: [1, 17.895169469, 78.757757664, 67.1875636],
    })});
  }
  if (tail < 0.0) { return NAN; }
  if (tail == 0.0) { return select(-INFINITY, INFINITY, q > 0.0); }
  let r: f32 = sqrt(-log(tail));
  if (r <= 5.0) {
    let near: f32 = r - 1.6;
    return sign(q) * (${quotient('near', {
      above: [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103],
      below: [1, 0.7370016425, 0.12021132975],
    })});
  }
  let beyond: f32 = r - 5.0;
  return sign(q) * (${quotient('beyond', {
    above: [6.657905115, 3.081226386, 0.42868294337, 0.017337203997],
    below: [1, 0.24197894225, 0.012258202635],
  })});
}`,
};

export const ndtriShader: ShaderFunction = {
  name: 'ndtri',
  uses: [quantileShader],
  source: () => `
fn ndtri(p: f32) -> f32 {
  return normalQuantile(p - 0.5, select(1.0 - p, p, p < 0.5));
}`,
};

export const erfinvShader: ShaderFunction = {
  name: 'erfinv',
  uses: [quantileShader],
  source: () => `
fn erfinv(y: f32) -> f32 {
  return normalQuantile(0.5 * y, 0.5 - 0.5 * abs(y)) * ${Math.SQRT1_2};
}`,
};

/** 1/φ(z) as 1/(Φ(−|z|) h(−|z|)), which an error of z hardly changes. */
const quantileSlopeShader: ShaderFunction = {
  name: 'normalQuantileSlope',
  uses: [quantileShader, hazardShader],
  source: () => `
fn normalQuantileSlope(q: f32, tail: f32) -> f32 {
  if (tail == 0.0) { return INFINITY; }
  return 1.0 / tail / normalHazard(-abs(normalQuantile(q, tail)));
}`,
};

export const ndtriSlopeShader: ShaderFunction = {
  name: 'ndtriSlope',
  uses: [quantileSlopeShader],
  source: () => `
fn ndtriSlope(p: f32) -> f32 {
  return normalQuantileSlope(p - 0.5, select(1.0 - p, p, p < 0.5));
}`,
};

export const erfinvSlopeShader: ShaderFunction = {
  name: 'erfinvSlope',
  uses: [quantileSlopeShader],
  source: () => `
fn erfinvSlope(y: f32) -> f32 {
  return normalQuantileSlope(0.5 * y, 0.5 - 0.5 * abs(y)) * ${0.5 / Math.SQRT2};
}`,
};
