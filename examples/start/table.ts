/** The table at the end, in the terminal. */
import Table from 'cli-table3';
import type {Summary} from './report.js';

export const columns: readonly string[] = ['estimator', 'steps', 'final ELBO', 'ln gradient variance', 'ms per step'];

/** The cells of a row, as text; a dash where there is no value. */
export function cells({estimator, steps, elbo, logVariance, msPerStep}: Summary): string[] {
  const fixed = (x: number | null, digits: number): string =>
    x !== null && Number.isFinite(x) ? x.toFixed(digits) : '-';
  return [estimator, String(steps), fixed(elbo, 2), fixed(logVariance, 2), fixed(msPerStep, 2)];
}

export function renderTable(summaries: readonly Summary[]): string {
  const table = new Table({
    head: [...columns],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: {head: [], border: []},
  });
  table.push(...summaries.map(cells));
  return table.toString();
}
