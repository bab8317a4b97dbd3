/** What the von Mises distribution has beside its density and its cdf, in double precision. */
import {i0eMoment} from '../bessel/scalar.js';
import {RULE, vonMisesCdf, vonMisesDensity} from '../vonMises/scalar.js';

/** The variance of 1 − cos z: the second derivative of ln I₀. */
export function versineVariance(concentration: number): number {
  const total = i0eMoment(concentration, 0);
  return i0eMoment(concentration, 2) / total - (i0eMoment(concentration, 1) / total) ** 2;
}

/** Below this share of the concentration a change counts as small. */
const SMALL = 0.2;

/**
 * ln I₀(b) − ln I₀(a) − (b − a) I₁(a)/I₀(a): the divergence of two von Mises distributions of one location. For small b
 * − a by its integral form.
 */
export function vonMisesKl(a: number, b: number): number {
  const d = b - a;
  if (Math.abs(d) > SMALL * Math.max(a, 1)) {
    const total = i0eMoment(a, 0);
    return d * (i0eMoment(a, 1) / total) + Math.log(i0eMoment(b, 0) / total);
  }
  let sum = 0;
  for (const {node, weight} of RULE()) sum += weight * (1 - node) * versineVariance(a + node * d);
  return d * d * sum;
}

const STEPS = 60;

/** The z of [−π, π] with F(z) = p: Newton's method on ln F in the lower half, kept inside of brackets. */
export function vonMisesQuantile(p: number, concentration: number): number {
  if (!(p >= 0 && p <= 1) || !(concentration >= 0)) return NaN;
  if (p > 0.5) return -vonMisesQuantile(1 - p, concentration);
  if (p === 0 || p === 0.5) return p === 0 ? -Math.PI : 0;
  let [low, high] = [-Math.PI, 0];
  let z = Math.max(-Math.PI * (1 - 2 * p), -Math.sqrt((-2 * Math.log(2 * p)) / concentration));
  for (let i = 0; i < STEPS; i++) {
    const lower = vonMisesCdf(z, concentration);
    if (lower < p) low = z;
    else high = z;
    const step = lower > 0 ? (Math.log(lower / p) * lower) / vonMisesDensity(z, concentration) : Infinity;
    const next = z - step;
    const inside = next > low && next < high;
    const last = inside ? next : 0.5 * (low + high);
    if (Math.abs(last - z) <= 1e-13 * Math.abs(z)) return last;
    z = last;
  }
  return z;
}
