/** Terms of divergences in double precision. */
import {expm1mx, log1pmx} from '../elementary/scalar.js';
import {softplus} from '../logarithms/scalar.js';
import {ratioExcess} from '../scaleKl/scalar.js';

/** q ln(q/p) − q + p. */
export function klTerm(q: number, p: number): number {
  if (q === 0) return p;
  if (p < 0.5 * q) return q * Math.log(q / p) - q + p; // below, p would be lost beside q
  const excess = (p - q) / q;
  return excess > 1e300 ? p : -q * log1pmx(excess);
}

/** The term of the other value: (1 − q) ln((1 − q)/(1 − p)) + q − p. */
function complementTerm(q: number, p: number): number {
  const excess = (q - p) / (1 - q);
  return excess > -0.5 && q < 1 ? (q - 1) * log1pmx(excess) : klTerm(1 - q, 1 - p);
}

/** q ln(q/p) + (1 − q) ln((1 − q)/(1 − p)), as terms of which none is negative. */
export function klOfProbs(q: number, p: number): number {
  return klTerm(q, p) + complementTerm(q, p);
}

/** That over q, which may be too small for it. */
export function geometricKl(q: number, p: number): number {
  if (q === 0) return NaN;
  return ratioExcess(p, q) + complementTerm(q, p) / q;
}

/** e^a (a − b) − e^a + e^b. */
export function klTermOfLogs(a: number, b: number): number {
  if (a === -Infinity) return Math.exp(b);
  const d = b - a;
  return d < 1 ? Math.exp(a) * expm1mx(d) : Math.exp(b) - Math.exp(a) * (1 + d);
}

/** σ(q) ln(σ(q)/σ(p)) + σ(−q) ln(σ(−q)/σ(−p)). */
export function klOfLogits(q: number, p: number): number {
  // a, the probability of the less probable value, and d, by which its logit grows: ln(1 + a(e^d − 1)) − a d
  const d = q > 0 ? q - p : p - q;
  const m = Math.abs(q);
  const a = 1 / (1 + Math.exp(m));
  if (Math.abs(d) < 1) return log1pmx(a * Math.expm1(d)) + a * expm1mx(d);
  return softplus(d - m) - softplus(-m) - a * d;
}

/** That over σ(q), which may be too small for it. */
export function geometricKlOfLogits(q: number, p: number): number {
  if (q > -30) return klOfLogits(q, p) * (1 + Math.exp(-q));
  const d = p - q; // ln(1 + a(e^d − 1))/a − d with a = e^q
  return p < -20 ? expm1mx(d) : softplus(p) * Math.exp(-q) - 1 - d;
}
