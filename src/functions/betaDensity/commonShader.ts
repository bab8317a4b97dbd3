/** What the shaders of the beta, binomial and Student families share: differences that single precision would lose. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {horner} from '../../kernels/elementwise/dialect.js';
import {expm1Shader, log1pShader, log1pmxShader} from '../elementary/shader.js';
import {stirlingErrorShader} from '../gamma/shader.js';

/** The rounding error of the product p of u and v (Dekker 1971). */
export const productErrorShader: ShaderFunction = {
  name: 'betaProductError',
  source: () => `
fn betaProductError(u: f32, v: f32, p: f32) -> f32 {
  if (abs(u) > 1e30 || abs(v) > 1e30) { return 0.0; }
  let cu: f32 = 4097.0 * u;
  let cv: f32 = 4097.0 * v;
  let u1: f32 = cu - (cu - u);
  let v1: f32 = cv - (cv - v);
  let u2: f32 = u - u1;
  let v2: f32 = v - v1;
  return ((u1 * v1 - p) + u1 * v2 + u2 * v1) + u2 * v2;
}`,
};

/** a x + b x − a for a small x; for x > ½ it is the negative of the same of (b, a, 1 − x). */
export const gapShader: ShaderFunction = {
  name: 'betaGap',
  uses: [productErrorShader],
  source: () => `
fn betaGapBelow(a: f32, b: f32, x: f32) -> f32 {
  let p: f32 = a * x;
  let q: f32 = b * x;
  let errors: f32 = betaProductError(a, x, p) + betaProductError(b, x, q);
  if (q > a) { return (q - a) + p + errors; }
  // the maxima change nothing, but keep compilers from putting 0 for what p − a loses
  let head: f32 = max(p - a, -1e38);
  let back: f32 = max(head + a, -1e38);
  let lost: f32 = p - back;
  return (head + q) + (lost + errors);
}

fn betaGap(a: f32, b: f32, x: f32, y: f32) -> f32 {
  if (x <= y) { return betaGapBelow(a, b, x); }
  return -betaGapBelow(b, a, y);
}`,
};

/** ln(1 + κ(e^s − 1)) − κ s >= 0, for 0 <= κ <= ½: the bend of a logarithm of odds. */
export const bendShader: ShaderFunction = {
  name: 'betaBend',
  uses: [expm1Shader, log1pmxShader],
  source: () => `
fn betaBend(k: f32, s: f32) -> f32 {
  if (abs(s) < 1.0) {
    let excess: f32 = s * s * ${horner('s', [1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880, 1 / 3628800])};
    return log1pmx(k * (s + excess)) + k * excess;
  }
  if (s > 20.0) {
    let v: f32 = s + safeLog(k);
    if (v > 0.0) { return v + log1p((1.0 - k) * exp(-v)) - k * s; }
    return log1p(exp(v) - k) - k * s;
  }
  return log1p(k * expm1(s)) - k * s;
}`,
};

/** ln(1 + e^x). */
export const softplusShader: ShaderFunction = {
  name: 'betaSoftplus',
  uses: [log1pShader],
  source: () => `
fn betaSoftplus(x: f32) -> f32 {
  return max(x, 0.0) + log1p(exp(-abs(x)));
}`,
};

/** 1 / (1 + e^{−x}). */
export const sigmoidShader: ShaderFunction = {
  name: 'betaSigmoid',
  source: () => `
fn betaSigmoid(x: f32) -> f32 {
  let e: f32 = exp(-abs(x));
  return select(e, 1.0, x > 0.0) / (1.0 + e);
}`,
};

/** ½ ln(ab / (2π(a + b))) + δ(a + b) − δ(a) − δ(b), δ the error of Stirling's formula. */
export const saddleShader: ShaderFunction = {
  name: 'betaSaddle',
  uses: [stirlingErrorShader],
  source: () => `
fn betaSaddle(a: f32, b: f32) -> f32 {
  let n: f32 = a + b;
  let small: f32 = min(a, b);
  let large: f32 = max(a, b);
  return 0.5 * log(${1 / (2 * Math.PI)} * small * (large / n)) + (stirlingError(n) - stirlingError(large)) - stirlingError(small);
}`,
};
