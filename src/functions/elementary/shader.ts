/** Elementary functions for GPUs, which have exp and log alone, to float32 near zeros and at 0. */
import {horner} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';

/** ln(1 + x) for |x| < 0.4: 2 artanh(x / (2 + x)). */
const log1pNearShader: ShaderFunction = {
  name: 'log1pNear',
  source: () => `
fn log1pNear(x: f32) -> f32 {
  let s: f32 = x / (2.0 + x);
  let t: f32 = s * s;
  return 2.0 * s * ${horner('t', [1, 1 / 3, 1 / 5, 1 / 7, 1 / 9])};
}`,
};

/** ln x, −∞ at 0 (the logarithm of a GPU may give about −88 there), NaN below and of NaN; exact near 1. */
export const logShader: ShaderFunction = {
  name: 'safeLog',
  uses: [log1pNearShader],
  source: () => `
fn safeLog(x: f32) -> f32 {
  if (x == 0.0) { return -INFINITY; }
  if (x < 0.0 || isnan(x)) { return NAN; }
  if (abs(x - 1.0) < 0.4) { return log1pNear(x - 1.0); }
  return log(x);
}`,
};

/** e^x − 1: near 0 its Taylor series. */
export const expm1Shader: ShaderFunction = {
  name: 'expm1',
  source: () => `
fn expm1(x: f32) -> f32 {
  if (abs(x) < 0.5) {
    return x * ${horner('x', [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320])};
  }
  return select(exp(x) - 1.0, NAN, isnan(x));
}`,
};

/** ln(1 + x). */
export const log1pShader: ShaderFunction = {
  name: 'log1p',
  uses: [logShader],
  source: () => `
fn log1p(x: f32) -> f32 {
  if (abs(x) < 0.4) { return log1pNear(x); }
  return safeLog(1.0 + x);
}`,
};

/** ln(1 + x) − x: near 0, with s = x/(2 + x), s·(2 s²(1/3 + s²/5 + …) − x). */
export const log1pmxShader: ShaderFunction = {
  name: 'log1pmx',
  uses: [log1pShader],
  source: () => `
fn log1pmx(x: f32) -> f32 {
  if (x > -0.5 && x < 1.0) {
    let s: f32 = x / (2.0 + x);
    let t: f32 = s * s;
    return s * (2.0 * t * ${horner('t', [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15])} - x);
  }
  if (x > 1e30) { return -x; }
  return log1p(x) - x;
}`,
};

/** e^x − 1 − x. */
export const expm1mxShader: ShaderFunction = {
  name: 'expm1mx',
  uses: [expm1Shader, log1pmxShader],
  source: () => `
fn expm1mx(x: f32) -> f32 {
  if (abs(x) < 1.0) { return -log1pmx(expm1(x)); }
  return exp(x) - 1.0 - x;
}`,
};

/** x ln y, 0 where x is 0. */
export const xlogyShader: ShaderFunction = {
  name: 'xlogy',
  uses: [logShader],
  source: () => `
fn xlogy(x: f32, y: f32) -> f32 {
  if (x == 0.0 && !isnan(y)) { return 0.0; }
  return x * safeLog(y);
}`,
};

/** x ln(1 + y), 0 where x is 0. */
export const xlog1pyShader: ShaderFunction = {
  name: 'xlog1py',
  uses: [log1pShader],
  source: () => `
fn xlog1py(x: f32, y: f32) -> f32 {
  if (x == 0.0 && !isnan(y)) { return 0.0; }
  return x * log1p(y);
}`,
};

/** ln(1 − e^{−|x|}). */
export const log1mexpShader: ShaderFunction = {
  name: 'log1mexp',
  uses: [expm1Shader, log1pShader],
  source: () => `
fn log1mexp(x: f32) -> f32 {
  let less: f32 = -abs(x);
  if (less > ${-Math.LN2}) { return safeLog(-expm1(less)); }
  return log1p(-exp(less));
}`,
};

/** ln(1 − e^{−e^x}). */
export const log1mexpExpShader: ShaderFunction = {
  name: 'log1mexpExp',
  uses: [log1mexpShader],
  source: () => `
fn log1mexpExp(x: f32) -> f32 {
  if (x < -9.0) { return x - 0.5 * exp(max(x, -80.0)); }
  return log1mexp(exp(x));
}`,
};

/** ln(−ln(1 − e^x)) for x <= 0. */
export const logNegLog1mexpShader: ShaderFunction = {
  name: 'logNegLog1mexp',
  uses: [log1mexpShader],
  source: () => `
fn logNegLog1mexp(x: f32) -> f32 {
  if (x < -9.0) { return x + 0.5 * exp(max(x, -80.0)); }
  return safeLog(-log1mexp(x));
}`,
};

/** ln(e^a + e^b). */
export const logAddExpShader: ShaderFunction = {
  name: 'logAddExp',
  uses: [log1pShader],
  source: () => `
fn logAddExp(a: f32, b: f32) -> f32 {
  if (isnan(a) || isnan(b)) { return NAN; }
  if (a == b) { return a + ${Math.LN2}; }
  return max(a, b) + log1p(exp(-abs(a - b)));
}`,
};

/** ln(e^x − 1). */
export const softplusInverseShader: ShaderFunction = {
  name: 'softplusInverse',
  uses: [expm1Shader, log1pShader],
  source: () => `
fn softplusInverse(x: f32) -> f32 {
  if (x < 1.0) { return safeLog(expm1(x)); }
  return x + log1p(-exp(-x));
}`,
};
