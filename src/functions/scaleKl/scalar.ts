/**
 * Divergences of families by location and scale, and of those made of them, in double precision, as sums of parts of
 * which none is negative. They see a ratio r of scales by r − 1 = (s − t)/t where it is near 1, which is exact, and by
 * its logarithm elsewhere.
 */
import {expm1mx, log1pmx} from '../elementary/scalar.js';
import {lgamma, polygamma} from '../gamma/scalar.js';
import {once} from '../../util/once.js';

const EULER = 0.5772156649015329;

/** (−1)^k (ζ(k) − 1)/k for k = 2, 3, …: ln Γ(2 + z) − (1 − γ) z is the sum of these times z^k. */
export const LGAMMA_TERMS = once((): readonly number[] =>
  Array.from({length: 20}, (_, i) => {
    let factorial = 1;
    for (let k = 2; k <= i + 1; k++) factorial *= k;
    return polygamma(i + 1, 2) / factorial / (i + 2);
  }),
);

/** x/y − 1 − ln(x/y). */
export function ratioExcess(x: number, y: number): number {
  const u = (x - y) / y;
  return u > -0.5 && u < 1 ? -log1pmx(u) : u - Math.log(x / y);
}

/** ln Γ(2 + z) − (1 − γ) z for |z| <= ½. */
function lgammaBend(z: number): number {
  return z * z * LGAMMA_TERMS().reduceRight((sum, c) => c + z * sum, 0);
}

/** ln Γ(1 + x/y). */
export function lgammaRatio(x: number, y: number): number {
  const z = (x - y) / y;
  return Math.abs(z) < 0.5 ? (1 - EULER) * z + lgammaBend(z) : lgamma(1 + x / y);
}

/** ln Γ(r) + γ (r − 1), r = x/y, which touches 0 at r = 1. */
function lgammaExcess(x: number, y: number): number {
  const z = (x - y) / y;
  if (Math.abs(z) < 0.5) return -log1pmx(z) + lgammaBend(z);
  return lgamma(1 + x / y) - Math.log(x / y) + EULER * z;
}

/** Of N(m, s) from N(n, t). */
export function normalKl(m: number, s: number, n: number, t: number): number {
  return ratioExcess(s, t) + 0.5 * (((s - t) / t) ** 2 + ((m - n) / t) ** 2);
}

/** (s/t)(e^{−u} − 1 + u), u = d/s. */
export function laplaceBend(d: number, s: number, t: number): number {
  const u = d / s;
  return u < 1 ? (s / t) * expm1mx(-u) : d / t + (s / t) * Math.expm1(-u);
}

/** Of Laplace(m, s) from Laplace(n, t). */
export function laplaceKl(m: number, s: number, n: number, t: number): number {
  return ratioExcess(s, t) + laplaceBend(Math.abs(m - n), s, t);
}

/** With r = s/t and d = (m − n)/t: ln Γ(r) + γ(r − 1), and e^w − 1 − w of w = ln Γ(1 + r) − d. */
export function gumbelKl(m: number, s: number, n: number, t: number): number {
  return lgammaExcess(s, t) + expm1mx(lgammaRatio(s, t) - (m - n) / t);
}

/** Of Weibull(k, s) from Weibull(c, t): that of the Gumbel distributions of −ln x. */
export function weibullKl(k: number, s: number, c: number, t: number): number {
  return lgammaExcess(c, k) + expm1mx(lgammaRatio(c, k) - c * Math.log(t / s));
}

/** ln(((s + t)² + d²)/(4 s t)), d = m − n (Chyzak and Nielsen 2019, theorem 1). */
export function cauchyKl(m: number, s: number, n: number, t: number): number {
  return Math.log1p(0.25 * (((s - t) / s) * ((s - t) / t) + ((m - n) / s) * ((m - n) / t)));
}

/** Of the uniform distribution on [a, b] from that on [c, d]: ∞ unless the latter covers the former. */
export function uniformKl(a: number, b: number, c: number, d: number): number {
  if (Number.isNaN(a + b + c + d)) return NaN;
  return a >= c && b <= d ? Math.log1p((d - b + (a - c)) / (b - a)) : Infinity;
}
