/**
 * The incomplete gamma function and its derivatives by the shape a, in double precision: from the smaller tail, as
 * gammaTail.ts gives it.
 */
import {gammaLogDensity, gammaScore, logMinusDigamma} from '../gamma/scalar.js';
import {lgamma1p, lowerByTerms, tail, type SmallerTail} from './tailScalar.js';

/** Q for x <= a + ½ and a < ½, which is small where a is: 1 − x^a/Γ(1 + a) (1 + a Σ (−x)ᵏ/((a + k) k!)). */
function smallUpper(a: number, x: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 1; k < 40; k++) {
    term *= -x / k;
    sum += term / (a + k);
    if (Math.abs(term) < 1e-17) break;
  }
  const u = a * Math.log(x) - lgamma1p(a);
  return -Math.expm1(u) - Math.exp(u) * a * sum;
}

const bad = (a: number, x: number): boolean =>
  !(a >= 0) || !(x >= 0) || (a === 0 && x === 0) || (a === Infinity && x === Infinity);

/** The value at the ends, where it is one of two, or undefined inside. */
function atEnds(a: number, x: number, below: number, above: number): number | undefined {
  if (bad(a, x)) return NaN;
  return x === 0 || a === Infinity ? below : x === Infinity || a === 0 ? above : undefined;
}

const size = (t: SmallerTail): number => Math.exp(t.logScale) * t.m0;

/** P(a, x) = γ(a, x)/Γ(a). */
export function igamma(a: number, x: number): number {
  const end = atEnds(a, x, 0, 1) ?? lowerByTerms(a, x);
  if (end !== null) return end;
  const t = tail(a, x, 0);
  return t.lower ? size(t) : 1 - size(t);
}

/** Q(a, x) = Γ(a, x)/Γ(a) = 1 − P. */
export function igammac(a: number, x: number): number {
  const end = atEnds(a, x, 1, 0);
  if (end !== undefined) return end;
  if (a < 0.5 && x <= a + 0.5) return smallUpper(a, x);
  const t = tail(a, x, 0);
  return t.lower ? 1 - size(t) : size(t);
}

/** ln P(a, x). */
export function logIgamma(a: number, x: number): number {
  const end = atEnds(a, x, -Infinity, 0);
  if (end !== undefined) return end;
  const q = a < 0.5 && x <= a + 0.5 ? smallUpper(a, x) : 1;
  if (q < 0.5) return Math.log1p(-q);
  const t = tail(a, x, 0);
  return t.lower ? t.logScale + Math.log(t.m0) : Math.log1p(-size(t));
}

/** ln Q(a, x). */
export function logIgammac(a: number, x: number): number {
  const end = atEnds(a, x, 0, -Infinity);
  if (end !== undefined) return end;
  if (a < 0.5 && x <= a + 0.5) return Math.log(smallUpper(a, x));
  const t = tail(a, x, 0);
  return t.lower ? Math.log1p(-size(t)) : t.logScale + Math.log(t.m0);
}

/** ∂P/∂a. */
export function igammaDa(a: number, x: number): number {
  const end = atEnds(a, x, 0, 0);
  if (end !== undefined) return end;
  const t = tail(a, x, 1);
  return (t.lower ? 1 : -1) * Math.exp(t.logScale) * t.m1;
}

/** ∂²P/∂a². */
export function igammaDaa(a: number, x: number): number {
  const end = atEnds(a, x, 0, 0);
  if (end !== undefined) return end;
  const t = tail(a, x, 2);
  return (t.lower ? 1 : -1) * Math.exp(t.logScale) * t.m2;
}

/** ∂ ln P/∂a (upper false) or ∂ ln Q/∂a. */
function logSlope(upper: boolean, a: number, x: number): number {
  const t = tail(a, x, 1);
  if (t.lower !== upper) return t.m1 / t.m0;
  return (-Math.exp(t.logScale) * t.m1) / (upper ? igammac(a, x) : igamma(a, x));
}

/** ∂² ln P/∂a² (upper false) or ∂² ln Q/∂a². */
function logCurvature(upper: boolean, a: number, x: number): number {
  const t = tail(a, x, 2);
  const [scale, whole] = t.lower !== upper ? [1, t.m0] : [-Math.exp(t.logScale), upper ? igammac(a, x) : igamma(a, x)];
  const r = (scale * t.m1) / whole;
  return (scale * t.m2) / whole - r * r;
}

/** ∂ ln P/∂a. */
export function logIgammaDa(a: number, x: number): number {
  return atEnds(a, x, -Infinity, 0) ?? logSlope(false, a, x);
}

/** ∂ ln Q/∂a. */
export function logIgammacDa(a: number, x: number): number {
  return atEnds(a, x, 0, Infinity) ?? logSlope(true, a, x);
}

/** ∂² ln P/∂a². */
export function logIgammaDaa(a: number, x: number): number {
  return atEnds(a, x, NaN, 0) ?? logCurvature(false, a, x);
}

/** ∂² ln Q/∂a². */
export function logIgammacDaa(a: number, x: number): number {
  return atEnds(a, x, 0, NaN) ?? logCurvature(true, a, x);
}

/** p(x)/P (upper false) or p(x)/Q. */
function ratio(upper: boolean, a: number, x: number): number {
  const t = tail(a, x, 0);
  if (t.lower !== upper) return 1 / (x * t.relative * t.m0);
  return Math.exp(gammaLogDensity(x, a)) / (upper ? igammac(a, x) : igamma(a, x));
}

/** p(x)/P(a, x), the derivative of ln P by x. */
export function lowerHazard(a: number, x: number): number {
  return atEnds(a, x, Infinity, 0) ?? ratio(false, a, x);
}

/** p(x)/Q(a, x), the hazard rate, minus the derivative of ln Q by x. */
export function upperHazard(a: number, x: number): number {
  return atEnds(a, x, Math.exp(gammaLogDensity(0, a)), 1) ?? ratio(true, a, x);
}

/** ∂ ln p/∂a − ∂ ln F/∂a for the tail F = P (upper false) or Q: the derivative of ln(p/F) by a. */
export function hazardSlopeA(upper: boolean, a: number, x: number): number {
  return atEnds(a, x, NaN, NaN) ?? logMinusDigamma(x, a) - logSlope(upper, a, x);
}

/** ∂ ln p/∂x − ∂ ln F/∂x, the derivative of ln(p/F) by x. */
export function hazardSlopeX(upper: boolean, a: number, x: number): number {
  return atEnds(a, x, NaN, NaN) ?? gammaScore(x, a) + (upper ? 1 : -1) * ratio(upper, a, x);
}

/** −(∂P/∂a)/(x p(x)), (d ln x)/da at a fixed quantile, and, if wanted, its derivative by a at fixed x. */
export function quantileSlope(a: number, x: number, order: 1 | 2): [number, number] {
  const t = tail(a, x, order);
  const scale = (t.lower ? -1 : 1) * t.relative;
  const slope = scale * t.m1;
  return [slope, order === 2 ? scale * t.m2 - slope * logMinusDigamma(x, a) : 0];
}
