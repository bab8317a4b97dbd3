/**
 * Divergences of gamma distributions, and of those made of them, in double precision, as sums in which nothing cancels.
 *
 * KL(Γ(a, r) ‖ Γ(b, t)) = b·gap(b, aρ) + R(a, b) with ρ = t/r and gap(p, q) = ln(p/q) + q/p − 1 >= 0. R >= 0 is the Bregman divergence from a to b
 * of ln Γ(x) − x ln x + x: by Stirling's series, after ln Γ(x) = ln Γ(x + n) − Σ ln(x + k) has led to large arguments.
 */
import {log1pmx} from './elementary.js';

/** From here on three terms of Stirling's series are enough, for 10⁻⁹ of the divergence. */
const FAR = 12;

/** ln(p/q) + q/p − 1, where d = q − p. */
export function gap(p: number, q: number, d: number): number {
  const u = d / p;
  return u > -0.5 && u < 1 ? -log1pmx(u) : u - Math.log(q / p);
}

/** R(a, b), where d = b − a. */
export function gammaKlRest(a: number, b: number, d: number): number {
  if (!(a > 0 && b > 0)) return NaN;
  let rest = 0;
  let n = 0;
  for (; Math.min(a, b) + n < FAR; n++) rest += gap(a + n, b + n, d);
  const [p, q] = [a + n, b + n];
  if (n > 0) rest += q * gap(q, p, -d) - b * gap(b, a, -d);
  // the Bregman divergences of −½ ln x and of 1/(12x) − 1/(360x³) + 1/(1260x⁵)
  const [h, k] = [1 / p, 1 / q];
  const third = 3 * h * h + 2 * h * k + k * k;
  const fifth = (5 * h + 4 * k) * h * h * h + (3 * h * h + 2 * h * k + k * k) * k * k;
  return rest + 0.5 * gap(p, q, d) + d * h * (d * k) * h * (1 / 12 - third / 360 + fifth / 1260);
}

/** KL(Γ(a, 1) ‖ Γ(b, 1 + e)), where d = b − a. */
function fromParts(a: number, b: number, d: number, e: number): number {
  return b * gap(b, a * (1 + e), a * e - d) + gammaKlRest(a, b, d);
}

/** KL(Γ(a, r) ‖ Γ(b, t)); the second parameters are rates. */
export function gammaKl(a: number, r: number, b: number, t: number): number {
  return fromParts(a, b, b - a, (t - r) / r);
}

/** The same by logarithms of the rates. */
export function gammaKlOfLogs(a: number, r: number, b: number, t: number): number {
  return fromParts(a, b, b - a, Math.expm1(t - r));
}

/**
 * KL(Beta(a, b) ‖ Beta(c, d)): what the divergence of two gamma variables has over that of their sum, of which the share is independent. The rates
 * may be chosen so that the sum's means are equal.
 */
export function betaKl(a: number, b: number, c: number, d: number): number {
  const total = a + b;
  const change = (c - a) + (d - b);
  const e = change / total;
  return fromParts(a, c, c - a, e) + fromParts(b, d, d - b, e) - gammaKlRest(total, c + d, change);
}

/** KL(Γ(a, total) ‖ Γ(b, total + change)): a term of the divergence of Dirichlet distributions. */
export function dirichletKlTerm(a: number, b: number, total: number, change: number): number {
  return fromParts(a, b, b - a, change / total);
}

/** What the sum of those terms has too much: the divergence of the totals. */
export function dirichletKlTotal(total: number, change: number): number {
  return gammaKlRest(total, total + change, change);
}
