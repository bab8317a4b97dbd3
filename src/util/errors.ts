/** Errors in one form: `who: rule, got what`. */

/** An error that this library throws on purpose. */
export class StochasticError extends Error {
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

/** A short description of any value, for error messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
  if (isTensorLike(value)) return `a ${value.dtype} tensor of shape [${value.shape.join(',')}]`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (Array.isArray(value)) {
    const head = value.slice(0, 6).map(describe).join(', ');
    return `[${head}${value.length > 6 ? `, … ${value.length - 6} more` : ''}]`;
  }
  const name = (value).constructor?.name;
  return name === undefined || name === 'Object' ? `an object with keys ${Object.keys(value).join(', ') || 'none'}` : `a ${name}`;
}

/** `rule` for an unknown name, with the nearest known ones: `unknown estimator "relx"; did you mean "relax"?` */
export function failUnknown(who: string, kind: string, name: unknown, known: Iterable<string>): never {
  const all = [...known];
  const near = typeof name === 'string' ? nearest(name, all) : [];
  const hint = near.length > 0 ? `did you mean ${near.map(describe).join(' or ')}?` : `known: ${all.join(', ')}`;
  throw new StochasticError(`${who}: unknown ${kind} ${describe(name)}; ${hint}`);
}

/** Throws if `config` has a key outside `known`, so that a misspelt option is never ignored. */
export function checkKeys(who: string, config: object, known: readonly string[]): void {
  if (config === null || typeof config !== 'object' || Array.isArray(config)) fail(who, 'the config must be an object', config);
  for (const key of Object.keys(config)) {
    if (!known.includes(key)) failUnknown(who, 'option', key, known);
  }
}

function nearest(name: string, known: string[]): string[] {
  const scored = known.map(k => ({k, d: editDistance(name.toLowerCase(), k.toLowerCase())}));
  const limit = Math.max(2, Math.floor(name.length / 3));
  return scored.filter(s => s.d <= limit).sort((a, b) => a.d - b.d).slice(0, 3).map(s => s.k);
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

function isTensorLike(value: unknown): value is {dtype: string; shape: number[]} {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value && 'dtype' in value;
}
