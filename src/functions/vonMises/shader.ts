/**
 * The von Mises distribution for GPUs: the integrals of src/functions/vonMises/scalar.ts, with a sine of small relative
 * error.
 */
import {PANELS, RANGE, RULE} from './scalar.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {horner} from '../../kernels/elementwise/dialect.js';
import {i0eMomentShader} from '../bessel/shader.js';
import {log1pShader, logShader} from '../elementary/shader.js';

const PI = Math.fround(Math.PI);
/** π with few digits, so that small multiples of it are exact, and what is missing. */
const COARSE_PI = 3.140625;
const FINE_PI = Math.PI - COARSE_PI;

/**
 * sin x: Taylor's series after reduction to [−π/2, π/2]. The `max` keeps compilers from adding up the parts of π, which
 * some do.
 */
export const sineShader: ShaderFunction = {
  name: 'sine',
  source: () => `
fn sine(x: f32) -> f32 {
  let turns: f32 = floor(x * ${1 / Math.PI} + 0.5);
  let r: f32 = max(x - turns * ${COARSE_PI}, -4.0) - turns * ${FINE_PI};
  let t: f32 = r * r;
  let odd: bool = turns - 2.0 * floor(0.5 * turns) == 1.0;
  return select(r, -r, odd) * ${horner('t', [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800])};
}`,
};

export const versineShader: ShaderFunction = {
  name: 'versine',
  uses: [sineShader],
  source: () => `
fn versine(x: f32) -> f32 {
  let s: f32 = sine(0.5 * x);
  return 2.0 * s * s;
}`,
};

/** (c0 + c1 d + c2 d²) e^{−κ d} with d = cos a − cos(a + s), with mid = s/2. */
const integrandShader: ShaderFunction = {
  name: 'vonMisesIntegrand',
  uses: [sineShader],
  source: () => `
fn vonMisesIntegrand(a: f32, mid: f32, kappa: f32, c0: f32, c1: f32, c2: f32) -> f32 {
  let d: f32 = 2.0 * sine(a + mid) * sine(mid);
  return (c0 + d * (c1 + d * c2)) * exp(-kappa * d);
}`,
};

const point = ({node, weight}: {node: number; weight: number}): string =>
  `    sum = sum + ${weight} * vonMisesIntegrand(a, 0.5 * (start + ${node} * width), kappa, c0, c1, c2);`;

/** The integral of that over s in [low, high]. */
const integralShader: ShaderFunction = {
  name: 'vonMisesIntegral',
  uses: [integrandShader],
  source: () => `
fn vonMisesIntegral(a: f32, low: f32, high: f32, kappa: f32, c0: f32, c1: f32, c2: f32) -> f32 {
  let width: f32 = (high - low) / ${PANELS}.0;
  var sum: f32 = 0.0;
  for (var panel: i32 = 0; panel < ${PANELS}; panel = panel + 1) {
    let start: f32 = low + f32(panel) * width;
${RULE().map(point).join('\n')}
  }
  return sum * width;
}`,
};

/** The length of [a, π] that counts. */
const reachShader: ShaderFunction = {
  name: 'vonMisesReach',
  uses: [sineShader],
  source: () => `
fn vonMisesReach(a: f32, kappa: f32) -> f32 {
  let s: f32 = sine(0.5 * a);
  let square: f32 = s * s + ${RANGE / 2} / max(kappa, 1e-6);
  if (square < 1.0) { return 2.0 * atan(sqrt(square / (1.0 - square))) - a; }
  return max(max(${COARSE_PI} - a, -1.0) + ${FINE_PI}, 0.0);
}`,
};

export const vonMisesDensityShader: ShaderFunction = {
  name: 'vonMisesDensity',
  uses: [versineShader, i0eMomentShader],
  source: () => `
fn vonMisesDensity(x: f32, kappa: f32) -> f32 {
  if (isnan(x) || !(kappa >= 0.0)) { return NAN; }
  return exp(-kappa * versine(x)) / (${2 * Math.PI} * i0eMoment(kappa, 0.0));
}`,
};

export const vonMisesCdfShader: ShaderFunction = {
  name: 'vonMisesCdf',
  uses: [vonMisesDensityShader, integralShader, reachShader],
  source: () => `
fn vonMisesCdf(x: f32, kappa: f32) -> f32 {
  if (isnan(x) || !(kappa >= 0.0)) { return NAN; }
  let a: f32 = abs(x);
  var tail: f32 = 0.0;
  if (a < ${PI}) {
    tail = vonMisesDensity(a, kappa) * vonMisesIntegral(a, 0.0, vonMisesReach(a, kappa), kappa, 1.0, 0.0, 0.0);
  }
  return select(1.0 - tail, tail, x < 0.0);
}`,
};

export const vonMisesLogCdfShader: ShaderFunction = {
  name: 'vonMisesLogCdf',
  uses: [versineShader, integralShader, reachShader, i0eMomentShader, log1pShader, logShader],
  source: () => `
fn vonMisesLogCdf(x: f32, kappa: f32) -> f32 {
  if (isnan(x) || !(kappa >= 0.0)) { return NAN; }
  let a: f32 = abs(x);
  var area: f32 = 0.0;
  if (a < ${PI}) { area = vonMisesIntegral(a, 0.0, vonMisesReach(a, kappa), kappa, 1.0, 0.0, 0.0); }
  let logTail: f32 = safeLog(area / (${2 * Math.PI} * i0eMoment(kappa, 0.0))) - kappa * versine(a);
  return select(log1p(-exp(logTail)), logTail, x < 0.0);
}`,
};

/** The integral over [a, π], or minus that over [0, a]. */
const shiftShader: ShaderFunction = {
  name: 'vonMisesShift',
  uses: [integralShader, reachShader],
  source: () => `
fn vonMisesShift(a: f32, inside: bool, kappa: f32, c0: f32, c1: f32, c2: f32) -> f32 {
  if (inside) { return -vonMisesIntegral(a, -a, 0.0, kappa, c0, c1, c2); }
  return vonMisesIntegral(a, 0.0, vonMisesReach(a, kappa), kappa, c0, c1, c2);
}`,
};

export const vonMisesSampleDerivativeShader: ShaderFunction = {
  name: 'vonMisesSampleDerivative',
  uses: [shiftShader, versineShader, i0eMomentShader],
  source: () => `
fn vonMisesSampleDerivative(kappa: f32, z: f32) -> f32 {
  if (isnan(z) || !(kappa >= 0.0)) { return NAN; }
  let a: f32 = min(abs(z), ${PI});
  let excess: f32 = versine(a) - i0eMoment(kappa, 1.0) / i0eMoment(kappa, 0.0);
  return -sign(z) * vonMisesShift(a, excess < 0.0, kappa, excess, 1.0, 0.0);
}`,
};

export const vonMisesSampleCurvatureShader: ShaderFunction = {
  name: 'vonMisesSampleCurvature',
  uses: [shiftShader, versineShader, i0eMomentShader],
  source: () => `
fn vonMisesSampleCurvature(kappa: f32, z: f32) -> f32 {
  if (isnan(z) || !(kappa >= 0.0)) { return NAN; }
  let a: f32 = min(abs(z), ${PI});
  let total: f32 = i0eMoment(kappa, 0.0);
  let mean: f32 = i0eMoment(kappa, 1.0) / total;
  let excess: f32 = versine(a) - mean;
  return sign(z) * vonMisesShift(a, excess < 0.0, kappa, mean * mean - i0eMoment(kappa, 2.0) / total, excess, 1.0);
}`,
};
