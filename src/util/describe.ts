/** Any value in a few words, for error messages. */
import {foreignVersion, version} from './copy.js';

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
    return `a ${value.isDisposed === true ? 'disposed ' : ''}${value.dtype} tensor of shape [${value.shape.join(',')}]`;
  const name: unknown = (value as {constructor?: {name?: unknown}}).constructor?.name;
  const hasName = typeof name === 'string' && name !== '' && name !== 'Object';
  if (Array.isArray(value)) {
    if (value.length > 0 && depth >= DEPTH) return '[…]';
    const head = Array.from({length: Math.min(ELEMENTS, value.length)}, (_, i) => describeAt(value[i], depth + 1)).join(
      ', ',
    );
    return `[${head}${value.length > ELEMENTS ? `, … ${value.length - ELEMENTS} more` : ''}]`;
  }
  const foreign = foreignVersion(value);
  const origin = foreign === null ? '' : ` of another copy of tfjs-stochastic (${foreign}, and this is ${version})`;
  if (hasName) return `a ${shorten(name)}${origin}`;
  const keys = Object.keys(value);
  const more = keys.length > KEYS ? `, … ${keys.length - KEYS} more` : '';
  return `an object with keys ${
    keys
      .slice(0, KEYS)
      .map(key => shorten(key))
      .join(', ') || 'none'
  }${more}`;
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
