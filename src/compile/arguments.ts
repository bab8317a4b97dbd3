/** What a compiled function is called with, taken apart. */
import * as tf from '@tensorflow/tfjs-core';
import type {KeyWords} from '../util/recorder.js';
import {isListOf, isTensor, isVariable} from '../util/tensors.js';
import {rebuild, takeApart, type Tree} from './trace.js';

type ArgumentLeaf =
  | {readonly kind: 'tensor'; readonly at: number}
  | {readonly kind: 'words'; readonly at: number}
  | {readonly kind: 'value'; readonly value: unknown};

export interface Arguments {
  readonly tensors: readonly tf.Tensor[];
  readonly keys: readonly KeyWords[];
  /** Equal for calls that one recording serves. */
  readonly signature: string;
  /** The arguments with others in the places of tensors and of the words of keys. */
  readonly rebuild: (tensors: readonly tf.Tensor[], keys: readonly KeyWords[]) => unknown[];
}

/** The arguments, or what is wrong with them. */
export function readArguments(args: readonly unknown[]): Arguments | string {
  const tensors: tf.Tensor[] = [];
  const keys: KeyWords[] = [];
  const parts: string[] = [];
  let wrong: string | null = null;
  const refuse = (what: string): null => {
    wrong ??= what;
    return null;
  };
  const leaf = (value: unknown, path: string): ArgumentLeaf | null => {
    if (isVariable(value)) return refuse(`argument ${path} is a variable: use it in the function without passing it`);
    if (isTensor(value)) {
      if (value.isDisposed) return refuse(`argument ${path} is disposed`);
      const before = tensors.indexOf(value);
      const at = before >= 0 ? before : tensors.push(value) - 1;
      parts.push(`${path}=${before >= 0 ? `#${before}` : `${value.dtype}[${value.shape.join(',')}]`}`);
      return {kind: 'tensor', at};
    }
    if (value == null || ['number', 'string', 'boolean'].includes(typeof value)) {
      parts.push(
        `${path}=${typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value)}`,
      );
      return {kind: 'value', value};
    }
    return refuse(`argument ${path} is no tensor, key, number, text, array or record`);
  };
  const isTooLarge = args.some(arg => isLarge(arg));
  if (isTooLarge) return `an argument is nested more than ${DEEPEST} deep, or has a list of more than ${LONGEST}`;
  const whole = takeApart<ArgumentLeaf>([...args].map(markKeys), (value, path) => {
    if (!(value instanceof KeyLeaf)) return leaf(value, path);
    parts.push(`${path}=key`);
    return {kind: 'words', at: keys.push(value.words) - 1};
  });
  if (whole === null) return wrong ?? 'an argument is of a kind that cannot be recorded';
  return {
    tensors,
    keys,
    signature: `${tf.getBackend()} ${shapeOf(whole)} ${parts.join(' ')}`,
    rebuild: (others, words) =>
      rebuild(whole, found =>
        found.kind === 'tensor' ? others[found.at] : found.kind === 'words' ? words[found.at] : found.value,
      ) as unknown[], // it was a list
  };
}

/** The words of a key, which are no list of numbers. */
export class KeyLeaf {
  readonly words: KeyWords;

  constructor(words: KeyWords) {
    this.words = words;
  }
}

/** Lists and records are nested this deep at most; those that contain themselves have no end. */
const DEEPEST = 16;
/** Numbers in longer lists are data, and belong into a tensor. */
const LONGEST = 1000;

function isLarge(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || isTensor(value)) return false;
  if (depth > DEEPEST || (Array.isArray(value) && value.length > LONGEST)) return true;
  return Object.values(value).some(each => isLarge(each, depth + 1));
}

/** A nested value with `KeyLeaf` in the places of the words of keys. */
export function markKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(markKeys);
  if (typeof value !== 'object' || value === null || isTensor(value)) return value;
  if (!isPlain(value)) return value;
  const entries = Object.entries(value);
  const [name, words] = entries[0] ?? [];
  if (entries.length === 1 && name === 'words' && isListOf(words, isNumber) && words.length === 2)
    return {words: new KeyLeaf(words as unknown as KeyWords)}; // of two numbers
  return Object.fromEntries(entries.map(([key, each]) => [key, markKeys(each)]));
}

const isNumber = (x: unknown): x is number => typeof x === 'number';

/**
 * Whether a step has left the arguments that it was given as they were.
 * @param given made by `rebuild` of these tensors and keys
 */
export function isIntact(
  given: readonly unknown[],
  {signature}: Arguments,
  tensors: readonly tf.Tensor[],
  keys: readonly KeyWords[],
): boolean {
  const found = readArguments(given);
  return (
    typeof found !== 'string' &&
    found.signature === signature &&
    found.tensors.every((t, i) => t === tensors[i]) &&
    found.keys.every((words, i) => words === keys[i])
  );
}

/** Does to `to` what a step has done to `from`, with `original` in the places of the tensors and keys that it was given. */
export function copyChanges(from: unknown, to: unknown, original: (given: unknown) => unknown): void {
  if (!isContainer(from) || !isContainer(to)) return;
  for (const name of Object.keys(to)) if (!Object.hasOwn(from, name)) delete to[name];
  if (Array.isArray(from)) (to as unknown as unknown[]).length = from.length;
  for (const [name, value] of Object.entries(from)) {
    const before = to[name];
    const isNested = isContainer(value) && isContainer(before) && Array.isArray(value) === Array.isArray(before);
    if (isNested) copyChanges(value, before, original);
    else if (to[name] !== original(value)) to[name] = original(value);
  }
}

const isContainer = (x: unknown): x is Record<string, unknown> =>
  typeof x === 'object' && x !== null && !isTensor(x) && (Array.isArray(x) || isPlain(x));

function isPlain(x: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** The structure: empty lists and records have no leaves that would tell them apart. */
function shapeOf<T>(nested: Tree<T>): string {
  if ('leaf' in nested) return '.';
  if ('list' in nested) return `[${nested.list.map(shapeOf).join('')}]`;
  return `{${[...nested.record].map(([name, each]) => `${JSON.stringify(name)}:${shapeOf(each)}`).join(',')}}`;
}
