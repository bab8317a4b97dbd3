/** Distribution functions of the binomial families and of the Poisson distribution in double precision. */
import {logShare} from '../incompleteBeta/scalar.js';
import {igamma, igammac, logIgamma, logIgammac} from '../incompleteGamma/scalar.js';

/**
 * ln of F(k) (`upper`) or of 1 − F(k), by the beta distribution of the probability, with parameters k + 1 and b, at p =
 * σ(l).
 */
function logCountTail(k: number, b: number, l: number, upper: boolean): number {
  const at = {x: 1 / (1 + Math.exp(-l)), y: 1 / (1 + Math.exp(l))};
  if (at.x === 0 || at.y === 0) return (at.x === 0) === upper ? 0 : -Infinity;
  return logShare(k + 1, b, at, upper);
}

export function binomialLogCdf(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l)) return NaN;
  return k >= n ? 0 : logCountTail(k, n - k, l, true);
}

export function binomialLogSurvival(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l)) return NaN;
  return k >= n ? -Infinity : logCountTail(k, n - k, l, false);
}

/** ln(p / (1 − p)). */
export const logit = (p: number): number => Math.log(p / (1 - p));

/** From here on the gamma distribution with the same r takes the place of the negative binomial one. */
const CONTINUOUS = 1e9;

/** −(k + (r + 1)/2) ln p: F(k) = P(r, this) to a relative error of about (r/k)² / 24 (DLMF 8.18.9, first term). */
const gammaPoint = (k: number, r: number, l: number): number =>
  (k + (r + 1) / 2) * (Math.max(-l, 0) + Math.log1p(Math.exp(-Math.abs(l))));

export function negativeBinomialLogCdf(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l) || !(n > 0)) return NaN;
  return k > CONTINUOUS ? logIgamma(n, gammaPoint(k, n, l)) : logCountTail(k, n, l, true);
}

export function negativeBinomialLogSurvival(k: number, n: number, l: number): number {
  if (Number.isNaN(k + n + l) || !(n > 0)) return NaN;
  return k > CONTINUOUS ? logIgammac(n, gammaPoint(k, n, l)) : logCountTail(k, n, l, false);
}

/** ln P(X > k) of a geometric distribution. */
export const geometricLogSurvival = (k: number, p: number): number => (k + 1) * Math.log1p(-p);

export const poissonCdf = (k: number, l: number): number => igammac(k + 1, Math.exp(l));
export const poissonLogCdf = (k: number, l: number): number => logIgammac(k + 1, Math.exp(l));
export const poissonSurvival = (k: number, l: number): number => igamma(k + 1, Math.exp(l));
