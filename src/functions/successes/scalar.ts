/**
 * Logarithms of masses in terms of a probability p, and their derivatives, in double precision: right where p is 0 or 1.
 */
import {xlog1py, xlogy} from '../elementary/scalar.js';
import {logit} from '../countTails/scalar.js';
import {binomialLogMass, multinomialTerm, negativeBinomialLogMass} from '../masses/scalar.js';

/** h ln p + m ln(1 − p), where a count of 0 makes its term 0. */
export function successLogMass(h: number, m: number, p: number): number {
  return xlogy(h, p) + xlog1py(m, -p);
}

/** h/p − m/(1 − p), its derivative by p; 0 where it is −∞. */
export function successScore(h: number, m: number, p: number): number {
  if (p === 0) return h === 0 ? -m : 0;
  if (p === 1) return m === 0 ? h : 0;
  return (h * (1 - p) - m * p) / p / (1 - p);
}

/** −h/p² − m/(1 − p)², the derivative of that. */
export function successCurvature(h: number, m: number, p: number): number {
  if ((p === 0 && h !== 0) || (p === 1 && m !== 0)) return 0;
  return -(h === 0 ? 0 : h / p / p) - (m === 0 ? 0 : m / (1 - p) / (1 - p));
}

/** The mass of a binomial distribution by its probability. */
export const binomialLogMassOfProbs = (k: number, n: number, p: number): number => binomialLogMass(k, n, logit(p));

/** That of a negative binomial one. */
export const negativeBinomialLogMassOfProbs = (k: number, n: number, p: number): number =>
  negativeBinomialLogMass(k, n, logit(p));

/** The term of a class in a multinomial mass, by its probability. */
export const multinomialTermOfProbs = (k: number, n: number, p: number): number => multinomialTerm(k, n, Math.log(p));
