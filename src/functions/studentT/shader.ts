/** Student's cdf and its derivatives for GPUs, by the integrals of scalar.ts, relative to the density. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import {expm1Shader, log1mexpShader, log1pShader} from '../elementary/shader.js';
import {betaSolveShader} from '../incompleteBeta/shader.js';
import {halfStepBendShader, studentTLogDensityShader, studentTScoreShader} from './densityShader.js';
import {tailLoop} from '../incompleteBeta/quadratureShader.js';

/** The second derivative of the logarithm of the density by ν. */
export const studentTScoreByDfShader: ShaderFunction = {
  name: 'studentTScoreByDf',
  uses: [studentTScoreShader, halfStepBendShader],
  source: () => `
fn studentTScoreByDf(z: f32, df: f32) -> f32 {
  if (df > 1e12) { return 0.0; }
  let w: f32 = select((z / df) * z, 1e30, abs(z) > 1e15);
  let share: f32 = w / (1.0 + w);
  return 0.25 * studentHalfStepBend(df) + 0.5 * (share * share - share * (2.0 - share) / df) / df;
}`,
};

/** ((ν + 1)/2) ln((ν + t²)/(ν + z²)) − s for t = z e^s, y = z²/(ν + z²); leaves the slope. */
const exponentShader: ShaderFunction = {
  name: 'studentExponent',
  uses: [studentTLogDensityShader, expm1Shader, log1pShader],
  source: () => `
var<private> studentSlope: f32;
fn studentExponent(y: f32, df: f32, s: f32) -> f32 {
  if (s > 10.0) {
    let v: f32 = 2.0 * s + log(y);
    let q: f32 = (1.0 - y) * exp(-v);
    studentSlope = (df - q) / (1.0 + q);
    if (v > 0.0) { return df * s + 0.5 * (df + 1.0) * (log(y) + log1p(q)); }
    return 0.5 * (df + 1.0) * log1p(exp(v) - y) - s;
  }
  let e: f32 = y * expm1(2.0 * s);
  studentSlope = (df + 1.0) * (y + e) / (1.0 + e) - 1.0;
  return 0.5 * (df + 1.0) * log1p(e) - s;
}
var<private> studentMass: f32;
var<private> studentFirst: f32;
var<private> studentSecond: f32;
// at t e^beyond, where beyond is 0 for all t but 1e30
fn studentVisit(weight: f32, t: f32, beyond: f32, df: f32) -> bool {
  let score: f32 = studentTScore(t, df) - beyond;
  studentMass = studentMass + weight;
  studentFirst = studentFirst + weight * score;
  studentSecond = studentSecond + weight * (score * score + studentTScoreByDf(t, df));
  return true;
}`,
};

const tailShader: ShaderFunction = tailLoop('studentTail', {
  parameters: 'y: f32, df: f32, z: f32',
  arguments: 'y, df, z',
  value: 'studentExponent(y, df, s)',
  slope: 'studentSlope',
  slopeAt0: 'df * y * (1.0 - 1.0 / z / z)',
  curvature: '2.0 * (df + 1.0) * y * (1.0 - y)',
  longest: 'max(1.0, 0.3 / df)',
  visit: `
    let beyond: f32 = max(s + log(z) - ${literal(Math.log(1e30))}, 0.0);
    let seen: bool = studentVisit(w * z * exp(-g), select(z * exp(s), 1e30, beyond > 0.0), beyond, df);`,
  uses: [studentTScoreByDfShader, exponentShader],
});

/**
 * Leaves the integrals over t < −|z| of the density over that at z, and of that times its logarithm's derivatives;
 * studentMass from 0 if |z| < 1.5.
 */
const integralsShader: ShaderFunction = {
  name: 'studentIntegrals',
  uses: [tailShader],
  source: () => `
fn studentIntegrals(z: f32, df: f32) -> bool {
  let size: f32 = min(abs(z), 1e25);
  studentMass = 0.0;
  studentFirst = 0.0;
  studentSecond = 0.0;
  if (size >= 1.5) {
    let w: f32 = size / sqrt(df);
    let y: f32 = select(w * w / (1.0 + w * w), 1.0 / (1.0 + 1.0 / w / w), w > 1.0);
    return studentTail(y, df, size);
  }
  let here: f32 = studentTLogDensity(size, df);
  for (var i: i32 = -13; i <= 13; i = i + 1) {
    let u: f32 = 0.2 * f32(i);
    let grow: f32 = exp(abs(u));
    let hyperbolic: f32 = select(-0.5, 0.5, i > 0) * (grow - 1.0 / grow);
    let e: f32 = exp(-${Math.PI} * select(u * ${horner('(u * u)', [1, 1 / 6, 1 / 120, 1 / 5040])}, hyperbolic, abs(u) > 1.0));
    let t: f32 = size / (1.0 + e);
    let weight: f32 = size * ${0.1 * Math.PI} * (grow + 1.0 / grow) * e / (1.0 + e) / (1.0 + e);
    let seen: bool = studentVisit(weight * exp(studentTLogDensity(t, df) - here), t, 0.0, df);
  }
  studentFirst = -studentFirst;
  studentSecond = -studentSecond;
  return true;
}`,
};

/** ln P(T < z). */
export const studentTLogCdfShader: ShaderFunction = {
  name: 'studentTLogCdf',
  uses: [integralsShader, log1mexpShader],
  source: () => `
fn studentTLogCdf(z: f32, df: f32) -> f32 {
  if (isnan(z) || !(df > 0.0)) { return NAN; }
  if (abs(z) > 1e37) { return select(0.0, -INFINITY, z < 0.0); }
  let nu: f32 = min(df, 1e16);
  let done: bool = studentIntegrals(z, nu);
  let size: f32 = min(abs(z), 1e25);
  if (abs(z) < 1.5) {
    let part: f32 = studentMass * exp(studentTLogDensity(z, nu));
    return log(0.5 + select(part, -part, z < 0.0));
  }
  // beyond 1e25 the tail is a power
  let tail: f32 = studentTLogDensity(size, nu) + log(studentMass) - nu * (log(abs(z)) - log(size));
  return select(log1mexp(tail), tail, z < 0.0);
}`,
};

export const studentTCdfShader: ShaderFunction = {
  name: 'studentTCdf',
  uses: [studentTLogCdfShader],
  source: () => `
fn studentTCdf(z: f32, df: f32) -> f32 {
  if (isnan(z) || !(df > 0.0)) { return NAN; }
  return exp(studentTLogCdf(z, df));
}`,
};

/** The density over P(T < z). */
export const studentTHazardShader: ShaderFunction = {
  name: 'studentTHazard',
  uses: [studentTLogCdfShader],
  source: () => `
fn studentTHazard(z: f32, df: f32) -> f32 {
  if (isnan(z) || !(df > 0.0)) { return NAN; }
  let logarithm: f32 = studentTLogCdf(z, df);
  if (z <= -1.5 && z > -1e25) { return 1.0 / studentMass; }
  return exp(studentTLogDensity(z, df) - logarithm);
}`,
};

/** ∂P(T < z)/∂ν or ∂²P(T < z)/∂ν² or either over the density or the cdf. */
const slopeShader = (name: string, expression: string, parameters = 'z: f32, df: f32'): ShaderFunction => ({
  name,
  uses: [studentTHazardShader],
  source: () => `
fn ${name}(${parameters}) -> f32 {
  if (isnan(z) || !(df > 0.0)) { return NAN; }
  if (df > 1e12 || z == 0.0) { return 0.0; }
  ${expression}
}`,
});

const signed = (integral: string) => `select(-${integral}, ${integral}, z < 0.0)`;
/** The density times an integral, where the density itself may underflow. */
const weighed = (integral: string) =>
  `sign(${integral}) * select(-1.0, 1.0, z < 0.0) * exp(studentTLogDensity(z, df) + safeLog(abs(${integral})))`;
const integrals = 'let done: bool = studentIntegrals(z, df);';
export const studentTCdfSlopeShader = slopeShader(
  'studentTCdfSlope',
  `${integrals} return ${weighed('studentFirst')};`,
);
export const studentTCdfBendShader = slopeShader('studentTCdfBend', `${integrals} return ${weighed('studentSecond')};`);
export const studentTRelativeBendShader = slopeShader(
  'studentTRelativeBend',
  `${integrals} return ${signed('studentSecond')};`,
);
export const studentTSampleDerivativeShader = slopeShader(
  'studentTSampleDerivative',
  `${integrals} return -${signed('studentFirst')};`,
  'df: f32, z: f32',
);
export const studentTLogCdfSlopeShader = slopeShader(
  'studentTLogCdfSlope',
  `let hazard: f32 = studentTHazard(z, df); return hazard * ${signed('studentFirst')};`,
);
export const studentTLogCdfBendShader = slopeShader(
  'studentTLogCdfBend',
  `
  let hazard: f32 = studentTHazard(z, df);
  let slope: f32 = hazard * ${signed('studentFirst')};
  return hazard * ${signed('studentSecond')} - slope * slope;`,
);

export const studentTQuantileShader: ShaderFunction = {
  name: 'studentTQuantile',
  uses: [betaSolveShader],
  source: () => `
fn studentTQuantile(p: f32, df: f32) -> f32 {
  if (!(df > 0.0 && p >= 0.0 && p <= 1.0)) { return NAN; }
  if (p == 0.0 || p == 1.0) { return select(-INFINITY, INFINITY, p == 1.0); }
  if (p == 0.5) { return 0.0; }
  let nu: f32 = min(df, 1e10);
  let less: f32 = 2.0 * min(p, 1.0 - p);
  let rest: f32 = 2.0 * abs(p - 0.5);
  let h: f32 = 0.5 * nu;
  let above: bool = log(less) > betaLogAtMode(h, 0.5);
  let root: f32 = betaSolve(select(h, 0.5, above), select(0.5, h, above), select(log(less), log(rest), above));
  let logit: f32 = select(root, -root, above);
  return select(-1.0, 1.0, p > 0.5) * exp(0.5 * (log(nu) - logit));
}`,
};
