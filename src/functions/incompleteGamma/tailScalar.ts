/**
 * The smaller tail of the gamma density and its derivatives by the shape a, in double precision.
 *
 * With the density p(t) = t^(a−1) e^−t / Γ(a), the smaller of the tails P = ∫₀ˣ p and Q = ∫ₓ^∞ p (the border is at x =
 * a + ½) and its first two derivatives by a are e^logScale times numbers that neither overflow nor cancel, so that
 * logarithms and ratios of them hold in the far tails too:
 * - below the border, for small a, from P = x^a e^−x / Γ(a + 1) · Σ xᵏ / ((a + 1)…(a + k)), term by term (Moore 1982);
 * - else with t = x e^v: ∫ (ln t − ψ(a))ⁿ p(t) dt = x p(x) ∫ (ln x + v − ψ(a))ⁿ e^((a − x) v − x (e^v − 1 − v)) dv by
 *   Gauss and Legendre's rule.
 */
import {expm1mx} from '../elementary/scalar.js';
import {digamma, gammaLogDensity, lgamma, logMinusDigamma, polygamma} from '../gamma/scalar.js';
import {gaussLegendre} from '../../math/gaussLegendre.js';
import {once} from '../../util/once.js';

/**
 * The smaller tail is e^logScale·m0, its derivatives by a e^logScale·m1 and e^logScale·m2, and logScale = ln(x p(x)
 * relative).
 */
export interface SmallerTail {
  lower: boolean;
  logScale: number;
  relative: number;
  m0: number;
  m1: number;
  m2: number;
}

/** The integrand is left out where it is below e^−NEGLIGIBLE of its size at x. */
const NEGLIGIBLE = 36;

const RULE = once(() => gaussLegendre(32));

/** For a > 0 and 0 < x < ∞; `order` derivatives are wanted. */
export function tail(a: number, x: number, order: 0 | 1 | 2): SmallerTail {
  const lower = x <= a + 0.5;
  return lower && a < MOST_BY_TERMS ? byTerms(a, x, order) : byQuadrature(a, x, lower, order);
}

/** Of larger shapes more terms are needed than a quadrature is worth. */
const MOST_BY_TERMS = 20;

/**
 * P(a, x), also where it is the larger tail, by the terms of the smaller: with all its digits, in a tenth of the time of
 * a quadrature. null where that would take too many.
 */
export function lowerByTerms(a: number, x: number): number | null {
  if (!(a < MOST_BY_TERMS && x < 2 * MOST_BY_TERMS)) return null;
  const {logScale, m0} = byTerms(a, x, 0);
  return Math.min(1, Math.exp(logScale) * m0);
}

/** ln(x^a e^−x / Γ(a + 1)). */
function logLeading(a: number, x: number): number {
  return a < 10 ? a * Math.log(x) - x - lgamma1p(a) : gammaLogDensity(x, a) + Math.log(x) - Math.log(a);
}

function byTerms(a: number, x: number, order: number): SmallerTail {
  let term = 1;
  let [s0, s1, s2] = [1, 0, 0];
  let [h1, h2] = [0, 0]; // Σ 1/(a + j) and Σ 1/(a + j)²
  for (let k = 1; k < 500; k++) {
    const r = 1 / (a + k);
    term *= x * r;
    s0 += term;
    if (order > 0) {
      h1 += r;
      h2 += r * r;
      s1 -= term * h1;
      s2 += term * (h1 * h1 + h2);
    }
    if (term < 1e-17 * s0) break;
  }
  const result = {lower: true, logScale: logLeading(a, x), relative: 1 / a, m0: s0, m1: 0, m2: 0};
  if (order === 0) return result;
  const l = Math.log(x) - digamma(a + 1);
  result.m1 = l * s0 + s1;
  if (order === 2) result.m2 = (l * l - polygamma(1, a + 1)) * s0 + 2 * l * s1 + s2;
  return result;
}

function byQuadrature(a: number, x: number, lower: boolean, order: number): SmallerTail {
  const end = lower ? lowerEnd(a, x) : upperEnd(a, x);
  const sign = lower ? -1 : 1;
  // ln x − ψ(a) is l + 1/a, and ψ'(a) is at most 1/a² + 2 for small a: the two squares of 1/a cancel by hand
  const pole = a < 1 ? 1 / a : 0;
  const l = order === 0 ? 0 : a < 1 ? Math.log(x) - digamma(a + 1) : logMinusDigamma(x, a);
  let [m0, m1, m2] = [0, 0, 0];
  const {nodes, weights} = RULE();
  for (let i = 0; i < nodes.length; i++) {
    const v = sign * end * nodes[i]!;
    const f = weights[i]! * Math.exp((a - x) * v - x * expm1mx(v));
    m0 += f;
    m1 += f * (l + v + pole);
    m2 += f * (l + v) * (l + v + 2 * pole);
  }
  if (order === 2) m2 -= polygamma(1, a < 1 ? a + 1 : a) * m0;
  return {lower, logScale: gammaLogDensity(x, a) + Math.log(x), relative: 1, m0: end * m0, m1: end * m1, m2: end * m2};
}

/** Where (x − a) v + x (e^v − 1 − v) is at least NEGLIGIBLE, for v > 0. */
function upperEnd(a: number, x: number): number {
  const c = Math.max(x - a, 0);
  let v = (2 * NEGLIGIBLE) / (c + Math.sqrt(c * c + 2 * x * NEGLIGIBLE)); // as e^v − 1 − v >= v²/2
  for (let i = 0; i < 3; i++) v = Math.min(v, Math.log1p((NEGLIGIBLE + a * v) / x));
  return v;
}

/** Where (a − x) w + x (e^−w − 1 + w) is at least NEGLIGIBLE. */
function lowerEnd(a: number, x: number): number {
  const c = Math.max(a - x, 0);
  // as e^−w − 1 + w >= w²/3 for w <= 1
  const near = (2 * NEGLIGIBLE) / (c + Math.sqrt(c * c + (4 / 3) * x * NEGLIGIBLE));
  return near <= 1 ? near : (NEGLIGIBLE + x) / a;
}

/** (ζ(k) − 1)/k with the signs of the series of ln Γ(2 + a), for k = 2, 3, … */
const ZETA = once(() => Array.from({length: 28}, (_, i) => polygamma(i + 1, 2) / lfactorial(i + 2)));

function zetaSeries(a: number): number {
  const c = ZETA();
  let sum = 0;
  for (let i = c.length - 1; i >= 0; i--) sum = c[i]! + a * sum;
  return sum;
}

function lfactorial(n: number): number {
  return n < 2 ? 1 : n * lfactorial(n - 1);
}

/** ln Γ(1 + a), for a > −½ to full relative precision near 0. */
export function lgamma1p(a: number): number {
  if (Math.abs(a) > 0.5) return lgamma(1 + a);
  return a * (0.42278433509846713 + a * zetaSeries(a)) - Math.log1p(a);
}
