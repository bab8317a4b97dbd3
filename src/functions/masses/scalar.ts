/**
 * Logarithms of the masses of the binomial families, and their derivatives, in double precision; probabilities as
 * logits l, p = σ(l).
 */
import {lbeta, lgamma, polygammaDifference} from '../gamma/scalar.js';
import {softplus} from '../logarithms/scalar.js';

const sigmoid = (l: number): number => 1 / (1 + Math.exp(-l));

/** ψ(x) − ψ(y). */
const psiStep = (x: number, y: number): number =>
  x > y ? polygammaDifference(0, y, x - y) : -polygammaDifference(0, x, y - x);

/** c ln σ(l), 0 where c is. */
const times = (c: number, l: number): number => (c === 0 ? 0 : -c * softplus(-l));

/** ln C(n, k) + k ln p + (n − k) ln(1 − p); −∞ outside 0 <= k <= n. */
export function binomialLogMass(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l)) return NaN;
  if (k < 0 || k > n) return -Infinity;
  if (k === 0 || k === n) return times(n, k === 0 ? -l : l);
  return -Math.log(n + 1) - lbeta(k + 1, n - k + 1) + times(k, l) + times(n - k, -l);
}

/** k − n p, its derivative by l. */
export function binomialScore(k: number, n: number, l: number): number {
  return l > 0 ? k - n + n * sigmoid(-l) : k - n * sigmoid(l);
}

/** l + ψ(n − k + 1) − ψ(k + 1), its derivative by k. */
export function binomialSlopeK(k: number, n: number, l: number): number {
  return l + psiStep(n - k + 1, k + 1);
}

/** ψ(n + 1) − ψ(n − k + 1) + ln(1 − p), its derivative by n. */
export function binomialSlopeN(k: number, n: number, l: number): number {
  return polygammaDifference(0, n - k + 1, k) - softplus(l);
}

/** ln Γ(n + k) − ln Γ(n) − ln Γ(k + 1) + n ln(1 − p) + k ln p; −∞ where k < 0. */
export function negativeBinomialLogMass(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l) || !(n > 0)) return NaN;
  if (k < 0) return -Infinity;
  if (k === 0) return times(n, -l);
  return -Math.log(n + k) - lbeta(n, k + 1) + times(k, l) + times(n, -l);
}

/** k (1 − p) − n p, its derivative by l. */
export function negativeBinomialScore(k: number, n: number, l: number): number {
  return k * sigmoid(-l) - n * sigmoid(l);
}

/** ψ(n + k) − ψ(k + 1) + ln p, its derivative by k. */
export function negativeBinomialSlopeK(k: number, n: number, l: number): number {
  return psiStep(n + k, k + 1) - softplus(-l);
}

/** ψ(n + k) − ψ(n) + ln(1 − p), its derivative by n. */
export function negativeBinomialSlopeN(k: number, n: number, l: number): number {
  return polygammaDifference(0, n, k) - softplus(l);
}

/** ln k! − k ln b + b with b = n e^logP. */
export function multinomialTerm(k: number, n: number, logP: number): number {
  const b = n * Math.exp(logP);
  return k > 0 ? lgamma(k + 1) - k * (Math.log(n) + logP) + b : b;
}

/** p·t, 0 where p is 0 though t be infinite. */
export const weigh = (p: number, t: number): number => (p === 0 && Math.abs(t) === Infinity ? 0 : p * t);

/** e^x, but 0 at 0. */
export const expOfOthers = (x: number): number => (x === 0 ? 0 : Math.exp(x));
