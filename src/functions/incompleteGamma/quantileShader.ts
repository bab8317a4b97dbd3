/** Inverses of the incomplete gamma function and derivatives of gamma draws for GPUs: as quantileScalar.ts. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, logShader} from '../elementary/shader.js';
import {digammaShader} from '../gamma/shader.js';
import {gammaLogDensityShader, logMinusDigammaShader} from '../gamma/densityShader.js';
import {
  gammaLeadShader,
  logIgammacShader,
  logIgammaShader,
  quantileCurvatureShader,
  quantileSlopeShader,
} from './shader.js';
import {polygammaShader} from '../gamma/polygammaShader.js';

const solveShader: ShaderFunction = {
  name: 'gammaSolve',
  uses: [gammaLeadShader, gammaLogDensityShader, logIgammaShader, logIgammacShader, expm1Shader, logShader],
  source: () => `
fn gammaSolve(a: f32, p: f32, q: f32) -> f32 {
  if (!(a > 0.0) || !(p >= 0.0) || !(q >= 0.0)) { return NAN; }
  if (p == 0.0) { return 0.0; }
  if (q == 0.0) { return INFINITY; }
  let lower: bool = p <= q;
  let smaller: f32 = min(p, q);
  let wanted: f32 = log(smaller);
  let t: f32 = sqrt(-2.0 * wanted);
  let z: f32 = (t - (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + 0.04481 * t))) * select(1.0, -1.0, lower);
  let root: f32 = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt(a));
  let first: f32 = (log(p) + lgamma1p(a)) / a;
  if (first < -70.0) { return exp(first); }
  var x: f32 = a * root * root * root;
  if (!(root > 0.3)) { x = exp(min(first, log(a + 1.0))); }
  for (var i: i32 = 0; i < 30; i = i + 1) {
    var value: f32 = 0.0;
    if (lower) { value = logIgamma(a, x); } else { value = logIgammac(a, x); }
    let slope: f32 = exp(gammaLogDensity(x, a) + log(x) - value);
    let step: f32 = clamp((value - wanted) / select(-slope, slope, lower), -3.0, 3.0);
    x = max(x + x * expm1(-step), 1e-37);
    if (abs(step) < 2e-7) { break; }
  }
  return x;
}`,
};

export const igammaInvShader: ShaderFunction = {
  name: 'igammaInv',
  uses: [solveShader],
  source: () => 'fn igammaInv(a: f32, p: f32) -> f32 { return gammaSolve(a, p, 1.0 - p); }',
};

export const igammacInvShader: ShaderFunction = {
  name: 'igammacInv',
  uses: [solveShader],
  source: () => 'fn igammacInv(a: f32, q: f32) -> f32 { return gammaSolve(a, 1.0 - q, q); }',
};

/** 1/p(x) at P(a, x) = p; where x is too small for a float32 number, p(x) = a p/x. */
const solveSlopeShader: ShaderFunction = {
  name: 'gammaSolveSlope',
  uses: [solveShader],
  source: () => `
fn gammaSolveSlope(a: f32, p: f32, q: f32) -> f32 {
  let logP: f32 = safeLog(p);
  let first: f32 = (logP + lgamma1p(a)) / a;
  if (first < -70.0 && p > 0.0) { return exp(first - logP - log(a)); }
  return exp(-gammaLogDensity(gammaSolve(a, p, q), a));
}`,
};

export const igammaInvSlopeShader: ShaderFunction = {
  name: 'igammaInvSlope',
  uses: [solveSlopeShader],
  source: () => 'fn igammaInvSlope(a: f32, p: f32) -> f32 { return gammaSolveSlope(a, p, 1.0 - p); }',
};

export const igammacInvSlopeShader: ShaderFunction = {
  name: 'igammacInvSlope',
  uses: [solveSlopeShader],
  source: () => 'fn igammacInvSlope(a: f32, q: f32) -> f32 { return gammaSolveSlope(a, 1.0 - q, q); }',
};

const atEnds = (atZero: string) => `
  if (!(a > 0.0) || !(z >= 0.0)) { return NAN; }
  if (z == 0.0) { return ${atZero}; }`;

export const gammaSampleDerivativeShader: ShaderFunction = {
  name: 'gammaSampleDerivative',
  uses: [quantileSlopeShader],
  source: () => `
fn gammaSampleDerivative(a: f32, z: f32) -> f32 {${atEnds('0.0')}
  return z * gammaQuantileSlope(a, z);
}`,
};

export const gammaSampleDerivativeDaShader: ShaderFunction = {
  name: 'gammaSampleDerivativeDa',
  uses: [quantileCurvatureShader],
  source: () => `
fn gammaSampleDerivativeDa(a: f32, z: f32) -> f32 {${atEnds('0.0')}
  return z * gammaQuantileCurvature(a, z);
}`,
};

export const gammaSampleDerivativeDzShader: ShaderFunction = {
  name: 'gammaSampleDerivativeDz',
  uses: [quantileSlopeShader, logMinusDigammaShader],
  source: () => `
fn gammaSampleDerivativeDz(a: f32, z: f32) -> f32 {${atEnds('INFINITY')}
  return -logMinusDigamma(z, a) - gammaQuantileSlope(a, z) * ((a - z) - 1.0);
}`,
};

/** Below this z is taken as 0 beside 1. */
const TINY = '1e-9';

export const logGammaSampleDerivativeShader: ShaderFunction = {
  name: 'logGammaSampleDerivative',
  uses: [quantileSlopeShader, digammaShader],
  source: () => `
fn logGammaSampleDerivative(a: f32, logZ: f32) -> f32 {
  if (!(a > 0.0) || isnan(logZ)) { return NAN; }
  let z: f32 = exp(logZ);
  if (z < ${TINY}) { return (digamma(a + 1.0) - logZ) / a; }
  return gammaQuantileSlope(a, z);
}`,
};

export const logGammaSampleDerivativeDaShader: ShaderFunction = {
  name: 'logGammaSampleDerivativeDa',
  uses: [quantileCurvatureShader, digammaShader, polygammaShader],
  source: () => `
fn logGammaSampleDerivativeDa(a: f32, logZ: f32) -> f32 {
  if (!(a > 0.0) || isnan(logZ)) { return NAN; }
  let z: f32 = exp(logZ);
  if (z < ${TINY}) { return (polygamma(1.0, a + 1.0) - (digamma(a + 1.0) - logZ) / a) / a; }
  return gammaQuantileCurvature(a, z);
}`,
};

export const logGammaSampleDerivativeDzShader: ShaderFunction = {
  name: 'logGammaSampleDerivativeDz',
  uses: [quantileSlopeShader, logMinusDigammaShader],
  source: () => `
fn logGammaSampleDerivativeDz(a: f32, logZ: f32) -> f32 {
  if (!(a > 0.0) || isnan(logZ)) { return NAN; }
  let z: f32 = exp(logZ);
  if (z < ${TINY}) { return -1.0 / a; }
  return -logMinusDigamma(z, a) - gammaQuantileSlope(a, z) * (a - z);
}`,
};
