/** The table at the end. */
import {fixed} from '../report/numbers.js';
import type {Summary} from './report.js';

export const columns: readonly string[] = ['estimator', 'steps', 'final ELBO', 'ln gradient variance', 'ms per step'];

/** The cells of a row, as text; a dash where there is no value. */
export function cells({estimator, steps, elbo, logVariance, msPerStep}: Summary): string[] {
  return [estimator, String(steps), fixed(elbo, 2), fixed(logVariance, 2), fixed(msPerStep, 2)];
}
