/** Statistics of draws, for the tests of samplers. */
import * as tf from '@tensorflow/tfjs-core';
import {chiSquarePValue, ksPValue} from '../helpers/statistics.js';

/** Runs f, which returns a tensor, expects it to leave no other one, and reads it. */
export async function readDraws(f: () => tf.Tensor): Promise<{values: number[]; shape: number[]; dtype: string}> {
  const before = tf.memory().numTensors;
  const t = f();
  expect(tf.memory().numTensors - before)
    .withContext('tensors left')
    .toBe(1);
  const values = Array.from(await t.data());
  t.dispose();
  return {values, shape: t.shape, dtype: t.dtype};
}

/** Cuts a list into rows of equal length. */
export function rowsOf(values: readonly number[], rows: number): number[][] {
  const n = values.length / rows;
  return Array.from({length: rows}, (_, i) => values.slice(i * n, (i + 1) * n));
}

/** Kolmogorov–Smirnov. */
export function expectCdf(values: number[], cdf: (x: number) => number, what: string): void {
  expect(ksPValue(values, cdf)).withContext(`${what}: p-value`).toBeGreaterThan(0.001);
}

/** Mean within 4.5 standard errors, variance within 4.5 of its own, which the draws themselves give. */
export function expectMoments(values: number[], mean: number, variance: number, what: string): void {
  const n = values.length;
  let [first, second, fourth] = [0, 0, 0];
  for (const v of values) {
    const square = (v - mean) * (v - mean);
    first += (v - mean) / n;
    second += square / n;
    fourth += (square * square) / n;
  }
  expect(Math.abs(first))
    .withContext(`${what}: mean`)
    .toBeLessThanOrEqual(4.5 * Math.sqrt(variance / n));
  expect(Math.abs(second - variance))
    .withContext(`${what}: variance`)
    .toBeLessThanOrEqual(4.5 * Math.sqrt(Math.max(fourth - variance * variance, 0) / n));
}

/** A distribution of counts: one of its most likely values, and the ratio of the probabilities of k + 1 and k. */
export interface Counts {
  mode: number;
  ratio: (k: number) => number;
}

/** Chi-square of counts, neighbours together in cells of at least 50 expected. */
export function expectCounts(values: number[], {mode, ratio}: Counts, what: string): void {
  const weights = [1];
  let first = mode;
  for (let k = mode, w = 1; w > 1e-18; k++) weights.push((w *= ratio(k)));
  for (let w = 1; w > 1e-18 && first > 0; first--) weights.unshift((w /= ratio(first - 1)));
  const total = weights.reduce((a, b) => a + b);
  const seen = new Map<number, number>();
  for (const v of values) seen.set(v, (seen.get(v) ?? 0) + 1);
  const [counts, probs] = [[0], [0]];
  let counted = 0;
  weights.forEach((w, i) => {
    const last = counts.length - 1;
    const c = seen.get(first + i) ?? 0;
    counted += c;
    if (probs[last]! * values.length >= 50) {
      counts.push(c);
      probs.push(w / total);
    } else {
      counts[last]! += c;
      probs[last]! += w / total;
    }
  });
  if (counts.length > 1) {
    // what is left over belongs to the cell before
    counts[counts.length - 2]! += counts.pop()!;
    probs[probs.length - 2]! += probs.pop()!;
  }
  expect(counted).withContext(`${what}: draws that can be`).toBe(values.length);
  expect(chiSquarePValue(counts, probs)).withContext(`${what}: p-value`).toBeGreaterThan(0.001);
}

/** How far apart two lists are, relative to `1 + |x|`, at worst. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!) / (1 + Math.abs(b[i]!))), 0);
}

/** The cdf as a table between low and high, linear in between: for draws that are many. */
export function tabulate(cdf: (x: number) => number, low: number, high: number, cells = 4000): (x: number) => number {
  const table = Array.from({length: cells + 1}, (_, i) => cdf(low + ((high - low) * i) / cells));
  return x => {
    const at = Math.min(Math.max(((x - low) / (high - low)) * cells, 0), cells);
    const i = Math.min(Math.floor(at), cells - 1);
    return table[i]! + (at - i) * (table[i + 1]! - table[i]!);
  };
}

/** The incomplete beta function I_x(a, b) by its continued fraction (Lentz). */
export function betaCdf(a: number, b: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(b, a, 1 - x);
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1))];
  let f = d;
  for (let m = 1; m < 5000; m++) {
    for (const t of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + t * d);
      c = 1 + t / c;
      f *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logGamma(a) - logGamma(b) + logGamma(a + b)) / a) * f;
}

/** ln Γ(x), x > 0, by Stirling's series beyond 10. */
export function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const y = 1 / (x * x);
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x -
    shift
  );
}

/**
 * The cdf, mean and variance of a density on [low, high], known up to a factor by its logarithm; by Simpson's rule on
 * many cells.
 */
export function fromDensity(
  logDensity: (x: number) => number,
  low: number,
  high: number,
  cells = 20_000,
): {cdf: (x: number) => number; mean: number; variance: number} {
  const h = (high - low) / cells;
  const f = (i: number) => Math.exp(logDensity(low + i * h));
  const cumulative = [0];
  let [first, second] = [0, 0];
  for (let i = 0; i < cells; i++) {
    const parts = [f(i), 4 * f(i + 0.5), f(i + 1)];
    cumulative.push(cumulative[i]! + parts.reduce((a, b) => a + b));
    parts.forEach((p, j) => {
      first += p * (i + j / 2);
      second += p * (i + j / 2) ** 2;
    });
  }
  const total = cumulative[cells]!;
  const table = tabulate(x => cumulative[Math.round((x - low) / h)]! / total, low, high, cells);
  const mean = first / total;
  return {cdf: table, mean: low + h * mean, variance: h * h * (second / total - mean ** 2)};
}
