/** Log-densities of standard families, and what their moments need, in double precision. */
import {log1mexp} from '../elementary/scalar.js';
import {lbeta, lgamma, polygamma, polygammaDifference} from '../gamma/scalar.js';

/** ln(x/y) for x, y >= 0. */
export function logRatio(x: number, y: number): number {
  return Math.log(x / y);
}

/** (ln x − loc) / scale. */
export function logStandardised(x: number, loc: number, scale: number): number {
  return (Math.log(x) - loc) / scale;
}

/** (ln(x/(1 − x)) − loc) / scale. */
export function logitStandardised(x: number, loc: number, scale: number): number {
  return (Math.log(x / (1 - x)) - loc) / scale;
}

/** −z − 2 ln(1 + e^{−z}), which is even in z. */
export function logisticLogDensity(z: number): number {
  const a = Math.abs(z);
  return -a - 2 * Math.log1p(Math.exp(-a));
}

/** (x/y)^k for x, y > 0. */
export function powerRatio(x: number, y: number, k: number): number {
  return (x / y) ** k;
}

/** ln(k/s) + (k − 1) ln(x/s) − (x/s)^k. */
export function weibullLogDensity(x: number, scale: number, k: number): number {
  const r = x / scale;
  return Math.log(k / scale) + (k === 1 ? 0 : (k - 1) * Math.log(r)) - r ** k;
}

/** ln ab + (a − 1) ln x + (b − 1) ln(1 − x^a). */
export function kumaraswamyLogDensity(x: number, a: number, b: number): number {
  const log = Math.log(x);
  return Math.log(a) + Math.log(b) + (a === 1 ? 0 : (a - 1) * log) + (b === 1 ? 0 : (b - 1) * log1mexp(a * log));
}

/** ln(b B(1 + t, b)). */
export function kumaraswamyLogMoment(t: number, b: number): number {
  return Math.log1p(t + b) + lbeta(1 + t, 1 + b);
}

/** −|z| − ln 2. */
export function laplaceLogDensity(z: number): number {
  return -Math.abs(z) - Math.LN2;
}

/** (1 − x^a)^b. */
export function kumaraswamySurvival(x: number, a: number, b: number): number {
  return Math.exp(b * log1mexp(a * Math.log(x)));
}

/** 1 − (1 − x^a)^b. */
export function kumaraswamyCdf(x: number, a: number, b: number): number {
  return -Math.expm1(b * log1mexp(a * Math.log(x)));
}

/** Nodes and weights of the Gauss–Legendre formula with four nodes on [0, 1]. */
export const FOUR_POINTS = [
  [0.06943184420297371, 0.17392742256872692],
  [0.33000947820757187, 0.32607257743127307],
  [0.6699905217924281, 0.32607257743127307],
  [0.9305681557970263, 0.17392742256872692],
] as const;

/** t² ∫₀² (1 − |1 − s|) f″(x + st) ds: f(x) − 2 f(x + t) + f(x + 2t) by the second derivative. */
function secondDifference(x: number, t: number, curvature: (y: number) => number): number {
  let sum = 0;
  for (const [s, weight] of FOUR_POINTS) sum += weight * s * (curvature(x + s * t) + curvature(x + (2 - s) * t));
  return t * t * sum;
}

/** ln Γ(x) − 2 ln Γ(x + t) + ln Γ(x + 2t) for x > 0, t >= 0. Small steps by an integral, in which nothing cancels. */
export function lgammaCurve(x: number, t: number): number {
  if (t > 0.5 * x) return lgamma(x) - 2 * lgamma(x + t) + lgamma(x + 2 * t);
  return secondDifference(x, t, y => polygamma(1, y));
}

/** lgammaCurve(x, t) − lgammaCurve(x + d, t) for d > 0. */
export function lgammaCurveDifference(x: number, d: number, t: number): number {
  if (t > 0.5 * x) return lbeta(x, d) - 2 * lbeta(x + t, d) + lbeta(x + 2 * t, d);
  return secondDifference(x, t, y => -polygammaDifference(1, y, d));
}
