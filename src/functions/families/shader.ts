/** Log-densities of standard families for GPUs. */
import {FOUR_POINTS} from './scalar.js';
import {literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, log1mexpShader, log1pShader, logShader} from '../elementary/shader.js';
import {lbetaShader, lgammaPositiveShader} from '../gamma/shader.js';
import {polygammaDifferenceShader, polygammaShader} from '../gamma/polygammaShader.js';

export const logRatioShader: ShaderFunction = {
  name: 'logRatio',
  uses: [logShader, log1pShader],
  source: () => `
fn logRatio(x: f32, y: f32) -> f32 {
  if (x > 0.5 * y && x < 2.0 * y) { return log1p((x - y) / y); }
  let r: f32 = x / y;
  if (r > 1e-30 && r < 1e30) { return log(r); }
  return safeLog(x) - safeLog(y);
}`,
};

/**
 * (ln x − loc) / scale: where they are close, both first lose the multiple of ln 2 nearest to loc, which is exact, so
 * that what is left cancels less.
 */
export const logStandardisedShader: ShaderFunction = {
  name: 'logStandardised',
  uses: [logRatioShader],
  source: () => `
fn powerOfTwo(n: f32) -> f32 {
  var factor: f32 = select(2.0, 0.5, n < 0.0);
  var rest: f32 = abs(n);
  var product: f32 = 1.0;
  for (var i: i32 = 0; i < 7; i = i + 1) {
    let fewer: f32 = floor(0.5 * rest);
    if (rest > 2.0 * fewer) { product = product * factor; }
    if (fewer == 0.0) { break; }
    factor = factor * factor;
    rest = fewer;
  }
  return product;
}
fn logStandardised(x: f32, loc: f32, scale: f32) -> f32 {
  let n: f32 = floor(loc * 1.44269504 + 0.5);
  let moved: f32 = x * powerOfTwo(clamp(-n, -100.0, 100.0));
  if (abs(n) > 100.0 || moved < 1e-3 || moved > 1e3) { return (logRatio(x, 1.0) - loc) / scale; }
  let rest: f32 = (loc - n * 0.693359375) + n * 2.12194440e-4;
  return (logRatio(moved, 1.0) - rest) / scale;
}`,
};

export const logitStandardisedShader: ShaderFunction = {
  name: 'logitStandardised',
  uses: [logRatioShader],
  source: () => `
fn logitStandardised(x: f32, loc: f32, scale: f32) -> f32 {
  return (logRatio(x, 1.0 - x) - loc) / scale;
}`,
};

export const logisticLogDensityShader: ShaderFunction = {
  name: 'logisticLogDensity',
  uses: [log1pShader],
  source: () => `
fn logisticLogDensity(z: f32) -> f32 {
  let a: f32 = abs(z);
  return -a - 2.0 * log1p(exp(-a));
}`,
};

export const powerRatioShader: ShaderFunction = {
  name: 'powerRatio',
  uses: [logRatioShader],
  source: () => `
fn powerRatio(x: f32, y: f32, k: f32) -> f32 {
  if (k == 0.0) { return 1.0; }
  if (x == 0.0) { return select(INFINITY, 0.0, k > 0.0); }
  return exp(k * logRatio(x, y));
}`,
};

export const weibullLogDensityShader: ShaderFunction = {
  name: 'weibullLogDensity',
  uses: [powerRatioShader],
  source: () => `
fn weibullLogDensity(x: f32, scale: f32, k: f32) -> f32 {
  let r: f32 = log(k) - log(scale) - powerRatio(x, scale, k);
  if (k == 1.0) { return r; }
  return r + (k - 1.0) * logRatio(x, scale);
}`,
};

export const kumaraswamyLogDensityShader: ShaderFunction = {
  name: 'kumaraswamyLogDensity',
  uses: [logRatioShader, log1mexpShader],
  source: () => `
fn kumaraswamyLogDensity(x: f32, a: f32, b: f32) -> f32 {
  let l: f32 = logRatio(x, 1.0);
  var sum: f32 = log(a) + log(b);
  if (a != 1.0) { sum = sum + (a - 1.0) * l; }
  if (b != 1.0) { sum = sum + (b - 1.0) * log1mexp(a * l); }
  return sum;
}`,
};

export const kumaraswamyLogMomentShader: ShaderFunction = {
  name: 'kumaraswamyLogMoment',
  uses: [lbetaShader, log1pShader],
  source: () => `
fn kumaraswamyLogMoment(t: f32, b: f32) -> f32 {
  return log1p(t + b) + lbeta(1.0 + t, 1.0 + b);
}`,
};

export const expNegShader: ShaderFunction = {
  name: 'expNeg',
  source: () => `
fn expNeg(z: f32) -> f32 {
  if (z < -88.73) { return INFINITY; }
  return exp(-z);
}`,
};

export const laplaceLogDensityShader: ShaderFunction = {
  name: 'laplaceLogDensity',
  source: () => `
fn laplaceLogDensity(z: f32) -> f32 {
  return -abs(z) - ${Math.LN2};
}`,
};

export const kumaraswamySurvivalShader: ShaderFunction = {
  name: 'kumaraswamySurvival',
  uses: [logRatioShader, log1mexpShader],
  source: () => `
fn kumaraswamySurvival(x: f32, a: f32, b: f32) -> f32 {
  return exp(b * log1mexp(a * logRatio(x, 1.0)));
}`,
};

export const kumaraswamyCdfShader: ShaderFunction = {
  name: 'kumaraswamyCdf',
  uses: [logRatioShader, log1mexpShader, expm1Shader],
  source: () => `
fn kumaraswamyCdf(x: f32, a: f32, b: f32) -> f32 {
  return -expm1(b * log1mexp(a * logRatio(x, 1.0)));
}`,
};

/** The integral that stands for a second difference, of the curvature that `at` makes an expression of. */
const secondDifference = (at: (y: string) => string): string =>
  FOUR_POINTS.map(
    ([s, w]) => `${literal(w * s)} * (${at(`x + ${literal(s)} * t`)} + ${at(`x + ${literal(2 - s)} * t`)})`,
  ).join(' + ');

export const lgammaCurveShader: ShaderFunction = {
  name: 'lgammaCurve',
  uses: [lgammaPositiveShader, polygammaShader],
  source: () => `
fn lgammaCurve(x: f32, t: f32) -> f32 {
  if (t > 0.5 * x) { return lgammaPositive(x) - 2.0 * lgammaPositive(x + t) + lgammaPositive(x + 2.0 * t); }
  return t * t * (${secondDifference(y => `polygamma(1.0, ${y})`)});
}`,
};

/** ln Γ(x + d) − ln Γ(x) for x >= 1 and 0 < d < 1, a multiple of d for a small d. */
const lgammaStepShader: ShaderFunction = {
  name: 'lgammaStep',
  uses: [log1pShader],
  source: () => `
fn lgammaStep(x: f32, d: f32) -> f32 {
  var y: f32 = x;
  var sum: f32 = 0.0;
  for (var i: i32 = 0; i < 6; i = i + 1) {
    if (y >= 6.0) { break; }
    sum = sum - log1p(d / y);
    y = y + 1.0;
  }
  let h: f32 = 1.0 / y;
  let k: f32 = 1.0 / (y + d);
  let far: f32 = (y + d - 0.5) * log1p(d / y) + d * (log(y) - 1.0);
  return sum + far - d * h * k * (${1 / 12} - ${1 / 360} * (h * h + h * k + k * k));
}`,
};

export const lgammaCurveDifferenceShader: ShaderFunction = {
  name: 'lgammaCurveDifference',
  uses: [lbetaShader, polygammaDifferenceShader, lgammaStepShader],
  source: () => `
fn lgammaCurveDifference(x: f32, d: f32, t: f32) -> f32 {
  if (t > 0.5 * x && d < 1.0 && x >= 1.0) { return 2.0 * lgammaStep(x + t, d) - lgammaStep(x, d) - lgammaStep(x + 2.0 * t, d); }
  if (t > 0.5 * x) { return lbeta(x, d) - 2.0 * lbeta(x + t, d) + lbeta(x + 2.0 * t, d); }
  return -t * t * (${secondDifference(y => `polygammaDifference(1.0, ${y}, d)`)});
}`,
};
