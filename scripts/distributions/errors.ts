/** How far each family is from its reference values. */
import {readdirSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as dist from '../../src/distributions/index.js';
import type {Distribution} from '../../src/distributions/index.js';
import type {Divergence, ReferenceCase} from '../../test/helpers/distributionSuite.js';

/** The worst error of one method of a family, and where it was. */
export interface Worst {
  readonly family: string;
  readonly method: string;
  readonly error: number;
  readonly config: string;
  readonly at: string;
  readonly values: number;
}

interface Reference {
  reference?: Record<string, ReferenceCase[]>;
  divergences?: Divergence[];
}

const folder = new URL('../../test/distributions/reference/', import.meta.url);
// each reference names a family
const families = dist as unknown as Record<string, new (config: object) => Distribution>;

const AT_VALUES = ['logProb', 'cdf', 'logCdf', 'survival'] as const;
const OF_BATCH = ['mean', 'variance', 'stddev', 'mode', 'entropy'] as const;

/** The files of exact values that scripts/reference made. */
export async function readReferences(): Promise<Reference[]> {
  const files = readdirSync(folder)
    .filter(f => f.endsWith('.ts'))
    .sort();
  return Promise.all(files.map(async f => (await import(new URL(f, folder).href)) as Reference));
}

/** The worst error of each method of each family, on the active backend. */
export function measure(references: readonly Reference[]): Worst[] {
  const worst = new Map<string, Worst>();
  const note = (family: string, method: string, error: number, config: unknown, at: unknown): void => {
    const name = `${family}.${method}`;
    const before = worst.get(name);
    const values = (before?.values ?? 0) + 1;
    if (before !== undefined && !(error > before.error)) worst.set(name, {...before, values});
    else worst.set(name, {family, method, error, config: JSON.stringify(config), at: String(at), values});
  };
  for (const {reference = {}, divergences = []} of references) {
    for (const [family, cases] of Object.entries(reference)) {
      for (const c of cases)
        tf.tidy(() => measureCase(c, new families[family]!(c.config), (...rest) => note(family, ...rest)));
    }
    for (const {family, to = family, q, p, kl} of divergences) {
      const value = tf.tidy(() => dist.klDivergence(new families[family]!(q), new families[to]!(p)).dataSync());
      for (const v of value) note(family, 'kl', relative(v, kl, 0.2), q, to);
    }
  }
  return [...worst.values()];
}

function measureCase(
  c: ReferenceCase,
  d: Distribution,
  note: (method: string, error: number, config: unknown, at: unknown) => void,
): void {
  const all = (method: string, actual: ArrayLike<number>, exact: number[], floor: number, at: unknown[]) =>
    exact.forEach((e, i) => note(method, relative(actual[i]!, e, floor), c.config, at[i]));
  for (const method of AT_VALUES) {
    const exact = c[method];
    if (exact === undefined) continue;
    all(method, d[method](c.x).dataSync(), exact, method.startsWith('log') ? 0.2 : 0, c.x);
  }
  const scale = typeof c.stddev === 'number' && Number.isFinite(c.stddev) ? c.stddev : 1;
  if (c.p !== undefined && c.quantile !== undefined) {
    const spread = Math.min(scale, Math.abs(c.quantile[c.quantile.length - 1]! - c.quantile[0]!));
    all('quantile', d.quantile(c.p).dataSync(), c.quantile, 0.1 * spread, c.p);
  }
  for (const method of OF_BATCH) {
    const exact = c[method];
    if (exact === undefined) continue;
    const floor = method === 'entropy' ? 0.2 : method === 'mean' || method === 'mode' ? 0.2 * Math.min(1, scale) : 0;
    all(method, d[method]().dataSync(), [exact].flat(), floor, []);
  }
}

/**
 * |actual − exact| relative to the exact value rounded to float32, or to `floor` if that is smaller than it; 0 for equal infinities.
 */
function relative(actual: number, exact: number, floor: number): number {
  const e = Math.fround(exact);
  if (Object.is(actual, e) || actual === e) return 0;
  if (!Number.isFinite(e) || !Number.isFinite(actual)) return Infinity;
  const difference = Math.abs(actual - e);
  return difference <= 2e-38 ? 0 : difference / Math.max(Math.abs(e), floor);
}
