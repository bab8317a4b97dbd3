/** Any value in a few words, for error messages. */
import {brandedName, foreignVersion, version} from './copy.js';

/** Most letters of a text, most elements of a list, most keys of an object that are shown, and how deep lists are. */
const [LETTERS, ELEMENTS, KEYS, DEPTH] = [80, 6, 12, 3];
/** Most letters of the whole. */
const ALL = 300;

/** A short description of any value. It never throws, whatever getters and proxies do, and fits into a sentence. */
export function describe(value: unknown): string {
  try {
    return shorten(describeAt(value, 0), ALL);
  } catch {
    return 'a value that throws when it is read';
  }
}

function describeAt(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(shorten(value));
    case 'function':
      return typeof value.name === 'string' && value.name !== '' ? `function ${shorten(value.name)}` : 'a function';
    case 'bigint':
      return `${shorten(String(value))}n`;
    case 'object':
      return value === null ? 'null' : describeObject(value, depth);
    case 'symbol':
      return shorten(value.toString());
    case 'boolean':
    case 'number':
    case 'undefined':
      return String(value);
  }
}

function describeObject(value: object, depth: number): string {
  if (isTensorLike(value))
    return withArticle(
      `${value.isDisposed === true ? 'disposed ' : ''}${value.dtype} tensor of shape [${value.shape.join(',')}]`,
    );
  if (Array.isArray(value)) {
    if (value.length > 0 && depth >= DEPTH) return '[…]';
    const head = Array.from({length: Math.min(ELEMENTS, value.length)}, (_, i) => describeAt(value[i], depth + 1)).join(
      ', ',
    );
    return `[${head}${value.length > ELEMENTS ? `, … ${value.length - ELEMENTS} more` : ''}]`;
  }
  const foreign = foreignVersion(value);
  const origin = foreign === null ? '' : ` of another copy of tfjs-stochastic (${foreign}, and this is ${version})`;
  const name = className(value);
  if (name !== null) return `${withArticle(shorten(name))}${origin}`;
  const keys = Object.keys(value);
  const more = keys.length > KEYS ? `, … ${keys.length - KEYS} more` : '';
  return `an object with keys ${
    keys
      .slice(0, KEYS)
      .map(key => shorten(key))
      .join(', ') || 'none'
  }${more}`;
}

/** What the class of an object is called: by itself, since minifiers rename constructors, or else by its constructor. */
function className(value: object): string | null {
  const {constructor: made} = value as {constructor?: {className?: unknown; name?: unknown}};
  const names: unknown[] = [brandedName(value), made?.className, made?.name]; // className: as tfjs saves it
  const name = names.find(x => typeof x === 'string' && x !== '');
  return typeof name === 'string' && name !== 'Object' ? name : null;
}

/** `a Normal`, `an Exp`, `a Uniform`. */
function withArticle(noun: string): string {
  return `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

function shorten(text: string, letters = LETTERS): string {
  return text.length <= letters ? text : `${text.slice(0, letters)}…`;
}

function isTensorLike(value: object): value is {dtype: string; shape: number[]; isDisposed?: unknown} {
  return (
    'dataId' in value &&
    'shape' in value &&
    'dtype' in value &&
    typeof value.dtype === 'string' &&
    Array.isArray(value.shape) &&
    value.shape.length <= 32
  );
}
