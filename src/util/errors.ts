/** Errors in one form: `who: rule, got what`. */
import {describe} from './describe.js';

export {describe};

/** An error that this library throws on purpose. */
export class StochasticError extends Error {
  /** Always 'StochasticError', which tells it from errors of tfjs and of the platform, in logs too. */
  override readonly name = 'StochasticError';
}

/** Throws `who: rule, got what`; without `what`, `who: rule`. */
export function fail(who: string, rule: string, ...what: [unknown?]): never {
  const got = what.length > 0 ? `, got ${describe(what[0])}` : '';
  throw new StochasticError(`${who}: ${rule}${got}`);
}

/** Throws unless `condition` holds. */
export function check(condition: boolean, who: string, rule: string, ...what: [unknown?]): asserts condition {
  if (!condition) fail(who, rule, ...what);
}

/** From what others call things, in small letters without signs, to the known names that are meant. */
export type Synonyms = ReadonlyMap<string, readonly string[]>;

/**
 * `rule` for an unknown name, with the nearest known ones: `unknown estimator "relx"; did you mean "relax"?`
 * @param meant what others call the known things: from their name, in small letters without signs, to ours
 */
export function failUnknown(
  who: string,
  kind: string,
  name: unknown,
  known: Iterable<string>,
  meant: Synonyms = new Map(),
): never {
  const all = [...known];
  const near =
    typeof name === 'string'
      ? (meant.get(bare(name))?.filter(k => all.includes(k)) ?? nearest(name.slice(0, LONGEST), all))
      : [];
  const hint = near.length > 0 ? `did you mean ${near.map(describe).join(' or ')}?` : `known: ${all.join(', ')}`;
  throw new StochasticError(`${who}: unknown ${kind} ${describe(name)}; ${hint}`);
}

/**
 * A table for `failUnknown`: names that are usual elsewhere, in small letters without signs, to the known ones that
 * they mean, the likeliest first.
 */
export function synonyms(
  groups: ReadonlyArray<readonly [known: readonly string[], elsewhere: readonly string[]]>,
): Synonyms {
  return new Map(groups.flatMap(([known, elsewhere]) => elsewhere.map(name => [name, known] as const)));
}

/** A name in small letters, without spaces and signs. */
function bare(name: string): string {
  return name
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Whether `name` is one of the record's own. */
export function isNameIn<R extends object>(record: R, name: unknown): name is keyof R {
  return typeof name === 'string' && Object.hasOwn(record, name);
}

/** Letters of a name that are compared. */
const LONGEST = 64;

function nearest(name: string, known: string[]): string[] {
  const scored = known.map(k => ({k, d: editDistance(name.toLowerCase(), k.toLowerCase())}));
  const limit = Math.max(2, Math.floor(name.length / 3));
  return scored
    .filter(s => s.d <= limit)
    .sort((a, b) => a.d - b.d)
    .slice(0, 3)
    .map(s => s.k);
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
