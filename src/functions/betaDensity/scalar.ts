/** The logarithm of the beta density and its derivatives in double precision. */
import {lbeta, polygammaDifference} from '../gamma/scalar.js';

/** (a − 1) ln x + (b − 1) ln(1 − x) − ln B(a, b), for a, b > 0 and 0 <= x <= 1. */
export function betaLogDensity(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return NaN;
  if (x === 0) return a === 1 ? Math.log(b) : a < 1 ? Infinity : -Infinity;
  if (x === 1) return b === 1 ? Math.log(a) : b < 1 ? Infinity : -Infinity;
  return (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - lbeta(a, b);
}

/** (a − 1)/x − (b − 1)/(1 − x), its derivative by x. */
export function betaSlope(x: number, a: number, b: number): number {
  return (a === 1 ? 0 : (a - 1) / x) - (b === 1 ? 0 : (b - 1) / (1 - x));
}

/** ln x − ψ(a) + ψ(a + b), its derivative by a. */
export function betaScoreA(x: number, a: number, b: number): number {
  return Math.log(x) + polygammaDifference(0, a, b);
}

/** ln(1 − x) − ψ(b) + ψ(a + b), its derivative by b. */
export function betaScoreB(x: number, a: number, b: number): number {
  return Math.log1p(-x) + polygammaDifference(0, b, a);
}
