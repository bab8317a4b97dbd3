/** Logarithms of the gamma density and of Poisson's probabilities, and their slopes, for GPUs. */
import {horner} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, log1pmxShader, log1pShader, logShader} from '../elementary/shader.js';
import {lgammaPositiveShader, stirlingErrorShader, stirlingSlopeShader} from './shader.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** 1/2!, 1/3!, … */
const FACTORIALS = [2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800].map(v => 1 / v);

/** a (ln(x/a) − (x/a − 1)). */
export const gammaExponentShader: ShaderFunction = {
  name: 'gammaExponent',
  uses: [log1pmxShader, logShader],
  source: () => `
fn gammaExponent(x: f32, a: f32) -> f32 {
  let u: f32 = (x - a) / a;
  if (u > -0.9 && u < 1e30) { return a * log1pmx(u); }
  return a * (safeLog(x) - safeLog(a)) - (x - a);
}`,
};

export const gammaLogDensityShader: ShaderFunction = {
  name: 'gammaLogDensity',
  uses: [gammaExponentShader, lgammaPositiveShader, stirlingErrorShader],
  source: () => `
fn gammaLogDensity(x: f32, a: f32) -> f32 {
  if (!(a > 0.0) || !(x >= 0.0)) { return NAN; }
  if (x == 0.0) { return select(select(-INFINITY, INFINITY, a < 1.0), 0.0, a == 1.0); }
  if (x > 3.4e38) { return -INFINITY; }
  if (a < 4.0) { return (a - 1.0) * log(x) - x - lgammaPositive(a); }
  return gammaExponent(x, a) - (log(x) - 0.5 * log(a)) - (stirlingError(a) + ${HALF_LOG_2PI});
}`,
};

export const gammaDensityShader: ShaderFunction = {
  name: 'gammaDensity',
  uses: [gammaLogDensityShader],
  source: () => 'fn gammaDensity(x: f32, a: f32) -> f32 { return exp(gammaLogDensity(x, a)); }',
};

export const gammaScoreShader: ShaderFunction = {
  name: 'gammaScore',
  source: () => `
fn gammaScore(x: f32, a: f32) -> f32 {
  if (x == 0.0 && a == 1.0) { return -1.0; }
  let r: f32 = (a - 1.0) / x;
  if (r > 0.5 && r < 2.0) { return ((a - x) - 1.0) / x; }
  return r - 1.0;
}`,
};

export const logMinusDigammaShader: ShaderFunction = {
  name: 'logMinusDigamma',
  uses: [log1pShader, logShader, stirlingSlopeShader],
  source: () => `
fn logMinusDigamma(x: f32, a: f32) -> f32 {
  if (!(a > 0.0) || !(x >= 0.0)) { return NAN; }
  let u: f32 = (x - a) / a;
  let correction: f32 = 0.5 / a - stirlingSlope(a);
  if (abs(u) < 0.4) { return log1p(u) + correction; }
  return safeLog(x) - log(a) + correction;
}`,
};

/** l − ln k for k >= 1 and l near ln k: multiples of ln 2 are subtracted in two parts. */
const minusLogShader: ShaderFunction = {
  name: 'minusLog',
  uses: [log1pShader],
  source: () => `
fn minusLog(l: f32, k: f32) -> f32 {
  let e: f32 = floor(log(k) * ${Math.LOG2E} + 0.5);
  var rest: f32 = e;
  var f: f32 = k;
  ${[64, 32, 16, 8, 4, 2, 1].map(b => `if (rest >= ${b}.0) { f = f * ${2 ** -b}; rest = rest - ${b}.0; }`).join('\n  ')}
  return ((l - e * 0.693359375) + e * ${0.693359375 - Math.LN2}) - log1p(f - 1.0);
}`,
};

export const poissonLogMassShader: ShaderFunction = {
  name: 'poissonLogMass',
  uses: [minusLogShader, lgammaPositiveShader, stirlingErrorShader],
  source: () => `
fn poissonLogMass(k: f32, logRate: f32) -> f32 {
  if (isnan(k) || isnan(logRate)) { return NAN; }
  if (k < 0.0) { return -INFINITY; }
  let rate: f32 = exp(logRate);
  if (k == 0.0) { return -rate; }
  if (abs(logRate) > 3.4e38 || rate > 3.4e38) { return -INFINITY; }
  if (k < 4.0) { return k * logRate - rate - lgammaPositive(k + 1.0); }
  let v: f32 = minusLog(logRate, k);
  var exponent: f32 = 0.0;
  if (abs(v) < 0.7) {
    exponent = -k * (v * v * ${horner('v', FACTORIALS)});
  } else {
    exponent = k * v - (rate - k);
  }
  return exponent - (0.5 * log(k) + ${HALF_LOG_2PI} + stirlingError(k));
}`,
};

export const poissonScoreShader: ShaderFunction = {
  name: 'poissonScore',
  uses: [minusLogShader, expm1Shader],
  source: () => `
fn poissonScore(k: f32, logRate: f32) -> f32 {
  if (k >= 4.0) {
    let v: f32 = minusLog(logRate, k);
    if (abs(v) < 0.5) { return -k * expm1(v); }
  }
  return k - exp(logRate);
}`,
};
