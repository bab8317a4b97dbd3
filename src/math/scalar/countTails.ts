/** Distribution functions of the binomial families in double precision. */
import {logShare} from './incompleteBeta.js';

/** ln of F(k) (`upper`) or of 1 − F(k), by the beta distribution of the probability, with parameters k + 1 and b, at p = σ(l). */
function logTail(k: number, b: number, l: number, upper: boolean): number {
  const at = {x: 1 / (1 + Math.exp(-l)), y: 1 / (1 + Math.exp(l))};
  if (at.x === 0 || at.y === 0) return (at.x === 0) === upper ? 0 : -Infinity;
  return logShare(k + 1, b, at, upper);
}

export function binomialLogCdf(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l)) return NaN;
  return k >= n ? 0 : logTail(k, n - k, l, true);
}

export function binomialLogSurvival(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l)) return NaN;
  return k >= n ? -Infinity : logTail(k, n - k, l, false);
}

export function negativeBinomialLogCdf(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l) || !(n > 0)) return NaN;
  return k > 1e30 ? 0 : logTail(k, n, l, true);
}

export function negativeBinomialLogSurvival(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l) || !(n > 0)) return NaN;
  return k > 1e30 ? -Infinity : logTail(k, n, l, false);
}
