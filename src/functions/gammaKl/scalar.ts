/**
 * Divergences of gamma distributions, and of those made of them, in double precision, as sums in which nothing cancels.
 *
 * KL(Γ(a, r) ‖ Γ(b, t)) = b·gap(b, aρ) + R(a, b) with ρ = t/r and gap(p, q) = ln(p/q) + q/p − 1 >= 0. R >= 0 is the
 * Bregman divergence from a to b of ln Γ(x) − x ln x + x: by Stirling's series, after ln Γ(x) = ln Γ(x + n) − Σ ln(x +
 * k) has led to large arguments. Where two numbers are close, what counts is their difference, which is given; where
 * they are far apart, it has lost the smaller one, and their logarithms count.
 */
import {log1pmx} from '../elementary/scalar.js';

/** From here on three terms of Stirling's series are enough, for 10⁻⁹ of the divergence. */
const FAR = 12;

const isNear = (u: number): boolean => u > -0.5 && u < 1;

/** ln(p/q) + q/p − 1, where d = q − p. */
export function ratioGap(p: number, q: number, d: number): number {
  const u = d / p;
  return isNear(u) ? -log1pmx(u) : u - Math.log(q / p);
}

/** R(a, b), where d = b − a. */
export function gammaKlRest(a: number, b: number, d: number): number {
  if (!(a > 0 && b > 0)) return NaN;
  let rest = 0;
  let n = 0;
  for (; Math.min(a, b) + n < FAR; n++) rest += ratioGap(a + n, b + n, d);
  const [p, q] = [a + n, b + n];
  if (n > 0)
    rest +=
      isNear(d / a) && isNear(-d / b)
        ? q * ratioGap(q, p, -d) - b * ratioGap(b, a, -d)
        : q * Math.log(q / p) - b * Math.log(b / a);
  // the Bregman divergences of −½ ln x and of 1/(12x) − 1/(360x³) + 1/(1260x⁵)
  const [h, k] = [1 / p, 1 / q];
  const third = 3 * h * h + 2 * h * k + k * k;
  const fifth = (5 * h + 4 * k) * h * h * h + (3 * h * h + 2 * h * k + k * k) * k * k;
  return rest + 0.5 * ratioGap(p, q, d) + d * h * (d * k) * h * (1 / 12 - third / 360 + fifth / 1260);
}

/** aρ − b, where d = b − a and e = ρ − 1. */
function excess(a: number, b: number, d: number, e: number, rho: number): number {
  return isNear(d / a) && isNear(e) ? a * e - d : a * rho - b;
}

/** KL(Γ(a, 1) ‖ Γ(b, ρ)), where d = b − a, e = ρ − 1. */
function fromParts(a: number, b: number, d: number, e: number, rho: number, logRho: number): number {
  const over = excess(a, b, d, e, rho);
  const u = over / b;
  return (isNear(u) ? -b * log1pmx(u) : over - b * (Math.log(a / b) + logRho)) + gammaKlRest(a, b, d);
}

/** KL(Γ(a, r) ‖ Γ(b, t)); the second parameters are rates. */
export function gammaKl(a: number, r: number, b: number, t: number): number {
  return fromParts(a, b, b - a, (t - r) / r, t / r, Math.log(t / r));
}

/** The same by logarithms of the rates. */
export function gammaKlOfLogs(a: number, r: number, b: number, t: number): number {
  return fromParts(a, b, b - a, Math.expm1(t - r), Math.exp(t - r), t - r);
}

/** a t/r − b, where change = t − r: t times the derivative of the divergence by t, and −r times that by r. */
export function gammaKlBalance(a: number, b: number, r: number, t: number, change: number): number {
  return excess(a, b, b - a, change / r, t / r);
}

/** The same by logarithms of the rates. */
export function gammaKlBalanceOfLogs(a: number, r: number, b: number, t: number): number {
  return excess(a, b, b - a, Math.expm1(t - r), Math.exp(t - r));
}

/**
 * KL(Beta(a, b) ‖ Beta(c, d)): what the divergence of two gamma variables has over that of their sum, of which the
 * share is independent. The rates may be chosen so that the sum's means are equal.
 */
export function betaKl(a: number, b: number, c: number, d: number): number {
  const change = c - a + (d - b);
  return dirichletKlTerm(a, c, a + b, c + d, change) + dirichletKlTerm(b, d, a + b, c + d, change);
}

/**
 * A term of the divergence of Dirichlet distributions of those sums, change = other − total: KL(Γ(a, total) ‖ Γ(b,
 * other)), less its share of the divergence of the sums, so that nothing is left to cancel where one term is most of
 * it.
 */
export function dirichletKlTerm(a: number, b: number, total: number, other: number, change: number): number {
  const term = fromParts(a, b, b - a, change / total, other / total, Math.log(other / total));
  return term - (a / total) * gammaKlRest(total, other, change);
}
