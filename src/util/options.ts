/**
 * The one reader of options that are no numbers of a constraint: each function throws `who: name must be …, got …` unless
 * the value is what it says. (`checkNumber` of src/constraints reads numbers.)
 */
import {fail, failUnknown} from './errors.js';
import {isIntegerList} from './tensors.js';

/**
 * Throws if `config` has a key outside `known`, inherited ones included, so that a misspelt option is never ignored.
 */
export function checkKeys(who: string, config: object, known: readonly string[]): void {
  if (!isRecord(config)) fail(who, 'the config must be an object', config);
  for (const key in config) {
    if (!known.includes(key) && (Object.hasOwn(config, key) || !(key in Object.prototype)))
      failUnknown(who, 'option', key, known);
  }
}

/** Whether `x` is an object of named values: no list, map, promise or function. */
function isRecord(x: unknown): x is object {
  return typeof x === 'object' && x !== null && Object.prototype.toString.call(x) === '[object Object]';
}

/** No list that the library makes, of draws, candidates, keys or steps, is longer. */
const MOST_COUNT = 2 ** 24;

/**
 * Throws unless `value` is an integer >= `least`, and not so large that a list of so many would end the process; `or`
 * says what else the option may be.
 */
export function checkCount(
  who: string,
  name: string,
  value: unknown,
  least: number,
  or?: string,
): asserts value is number {
  if (typeof value === 'number' && Number.isInteger(value) && value > MOST_COUNT)
    fail(who, `${name} must be at most 2^24`, value);
  checkInteger(who, name, value, {least, ...(or === undefined ? {} : {or})});
}

/** Which integers an option may be. */
interface IntegerRule {
  readonly least?: number;
  readonly most?: number;
  /** What else the option may be, which the caller has seen that it is not. */
  readonly or?: string;
}

/** Throws unless `value` is a safe integer (exact, and so below 2^53) from `least` to `most`. */
export function checkInteger(
  who: string,
  name: string,
  value: unknown,
  {least = -Infinity, most = Infinity, or}: IntegerRule = {},
): asserts value is number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return;
  const isUnsafe = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  const range = most === Infinity ? `an integer >= ${least}` : `an integer from ${least} to ${most}`;
  const rule = isUnsafe || least === -Infinity ? 'a safe integer' : range;
  fail(who, `${name} must be ${rule}${or === undefined ? '' : `, or ${or}`}`, value);
}

/** Throws unless `value` is a list of integers >= 1, the widths of layers say. */
export function checkSizes(who: string, name: string, value: unknown): asserts value is readonly number[] {
  if (!isIntegerList(value, 1)) fail(who, `${name} must be a list of integers >= 1`, value);
}

/** Throws unless `value` is true or false. */
export function checkBoolean(who: string, name: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') fail(who, `${name} must be true or false`, value);
}

/** Throws unless `value` is a function; `of` goes on with the sentence: "that returns costs". */
export function checkFunction(who: string, name: string, value: unknown, of = ''): void {
  if (typeof value !== 'function') fail(who, `${name} must be a function${of === '' ? '' : ` ${of}`}`, value);
}

/** `"a"`, `"a" or "b"`, `"a", "b" or "c"`. */
function quoted(names: readonly string[]): string {
  const all = names.map(name => JSON.stringify(name));
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

/** Throws unless `value` is one of the names. */
export function checkOneOf<Name extends string>(
  who: string,
  name: string,
  value: unknown,
  names: readonly Name[],
): asserts value is Name {
  if (!names.some(known => known === value)) fail(who, `${name} must be ${quoted(names)}`, value);
}

/** Throws unless `value` is a text that is not empty. */
export function checkText(who: string, name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') fail(who, `${name} must be a non-empty string`, value);
}

/** Throws unless `value` is an object, no list; `of` goes on with the sentence. */
export function checkObject(who: string, name: string, value: unknown, of = ''): asserts value is object {
  if (!isRecord(value)) fail(who, `${name} must be an object${of === '' ? '' : ` ${of}`}`, value);
}
