/**
 * Inverses of the incomplete gamma function and derivatives of gamma draws by their concentration, in double precision.
 */
import {digamma, gammaLogDensity, logMinusDigamma, polygamma} from '../gamma/scalar.js';
import {lgamma1p} from './tailScalar.js';
import {logIgamma, logIgammac, quantileSlope} from './scalar.js';

/** The x with P(a, x) = p. */
export function igammaInv(a: number, p: number): number {
  return solve(a, p, 1 - p);
}

/** The x with Q(a, x) = q. */
export function igammacInv(a: number, q: number): number {
  return solve(a, 1 - q, q);
}

/** 1/p(x) at P(a, x) = p, the derivative of igammaInv by p. */
export function igammaInvSlope(a: number, p: number): number {
  return Math.exp(-gammaLogDensity(solve(a, p, 1 - p), a));
}

/** 1/p(x) at Q(a, x) = q, minus the derivative of igammacInv by q. */
export function igammacInvSlope(a: number, q: number): number {
  return Math.exp(-gammaLogDensity(solve(a, 1 - q, q), a));
}

/**
 * Newton's method for ln P or ln Q, the smaller, as a function of y = ln x: both are concave, so that it converges from
 * anywhere.
 */
function solve(a: number, p: number, q: number): number {
  if (!(a > 0) || !(p >= 0) || !(q >= 0)) return NaN;
  if (p === 0) return 0;
  if (q === 0) return Infinity;
  const lower = p <= q;
  const target = Math.log(lower ? p : q);
  let y = start(a, p, lower ? p : q, lower);
  for (let i = 0; i < 60; i++) {
    const x = Math.exp(y);
    if (x < 1e-300) return Math.exp((Math.log(p) + lgamma1p(a)) / a); // P = x^a/Γ(a + 1)
    const value = lower ? logIgamma(a, x) : logIgammac(a, x);
    const slope = Math.exp(gammaLogDensity(x, a) + y - value);
    const step = (value - target) / (lower ? slope : -slope);
    y -= Math.max(-3, Math.min(3, step));
    if (Math.abs(step) < 1e-9) break; // each step squares the error
  }
  return Math.exp(y);
}

/** Near ln x: for small x from the first term of the series, else after Wilson and Hilferty. */
function start(a: number, p: number, smaller: number, lower: boolean): number {
  const t = Math.sqrt(-2 * Math.log(smaller));
  // Abramowitz & Stegun 26.2.22
  const z = (t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t))) * (lower ? -1 : 1);
  const root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  const first = (Math.log(p) + lgamma1p(a)) / a;
  return root > 0.3 ? Math.log(a) + 3 * Math.log(root) : Math.min(first, Math.log(a + 1));
}

/** dz/da of a draw z of Gamma(a, 1) at a fixed quantile: −(∂P/∂a)/p(z). */
export function gammaSampleDerivative(a: number, z: number): number {
  if (!(a > 0) || !(z >= 0)) return NaN;
  if (z === 0) return 0;
  return z * quantileSlope(a, z, 1)[0];
}

/** Its derivative by a. */
export function gammaSampleDerivativeDa(a: number, z: number): number {
  if (!(a > 0) || !(z >= 0)) return NaN;
  if (z === 0) return 0;
  return z * quantileSlope(a, z, 2)[1];
}

/** Its derivative by z. */
export function gammaSampleDerivativeDz(a: number, z: number): number {
  if (!(a > 0) || !(z >= 0)) return NaN;
  if (z === 0) return Infinity;
  return -logMinusDigamma(z, a) - quantileSlope(a, z, 1)[0] * (a - 1 - z);
}

/** Below it P(a, z) is z^a/Γ(a + 1) to double precision. */
const TINY = 1e-17;

/** d(ln z)/da of a draw z = e^logZ of Gamma(a, 1) at a fixed quantile, where z may be too small for a number. */
export function logGammaSampleDerivative(a: number, logZ: number): number {
  const z = Math.exp(logZ);
  if (!(a > 0) || Number.isNaN(z)) return NaN;
  return z < TINY ? (digamma(a + 1) - logZ) / a : quantileSlope(a, z, 1)[0];
}

/** Its derivative by a. */
export function logGammaSampleDerivativeDa(a: number, logZ: number): number {
  const z = Math.exp(logZ);
  if (!(a > 0) || Number.isNaN(z)) return NaN;
  return z < TINY ? (polygamma(1, a + 1) - (digamma(a + 1) - logZ) / a) / a : quantileSlope(a, z, 2)[1];
}

/** Its derivative by logZ. */
export function logGammaSampleDerivativeDz(a: number, logZ: number): number {
  const z = Math.exp(logZ);
  if (!(a > 0) || Number.isNaN(z)) return NaN;
  return z < TINY ? -1 / a : -logMinusDigamma(z, a) - quantileSlope(a, z, 1)[0] * (a - z);
}
