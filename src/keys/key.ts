/** Keys of the counter-based generator: immutable, plain numbers, cheap to make. */
import {check} from '../util/errors.js';
import {checkCount, checkInteger} from '../util/options.js';
import {recorder, type KeyWords} from '../util/recorder.js';
import {isListOf} from '../util/tensors.js';
import {fillWords, threefry2x32} from './threefry.js';

/** A 64-bit key as two unsigned 32-bit words. Never use one key for two draws: `split` it. */
export interface Key {
  /** The high and the low word, each an integer in [0, 2^32). */
  readonly words: readonly [number, number];
}

/** The second counter word says what a block is for, so that draws, children and folded keys never share a block. */
export const DRAW = 0;
const SPLIT = 0x40000000;
const FOLD = 0x80000000;
/** Blocks of one element of a draw: its index is the first counter word. */
export const ELEMENT = 0xc0000000;

/**
 * The key of an integer seed (any safe integer, negative ones included).
 * @example
 * ```ts
 * const key = st.random.key(42);
 * tf.sub(st.random.normal([2], {key}), st.random.normal([2], {key})); // [0, 0]
 * ```
 */
export function key(seed: number): Key {
  checkInteger('random.key', 'seed', seed);
  return {words: [Math.floor(seed / 0x100000000) >>> 0, seed >>> 0]};
}

/**
 * `n` independent keys made from one; child i is the same for every n. Throws unless n is an integer >= 1.
 * @example
 * ```ts
 * const [forData, forModel] = st.random.split(st.random.key(42), 2);
 * st.random.normal([3], {key: forData}).shape; // [3]
 * ```
 */
export function split(parent: Key, n = 2): Key[] {
  checkKey('random.split', parent);
  checkCount('random.split', 'n', n, 1);
  const children = childrenOf(parent.words, n);
  recorder()?.derived(children, parent.words, `split into ${n}`, from => childrenOf(from, n));
  return children.map(words => ({words}));
}

function childrenOf(parent: KeyWords, n: number): KeyWords[] {
  const words = new Uint32Array(2 * n);
  fillWords(words, parent, SPLIT);
  return Array.from({length: n}, (_, i) => [words[2 * i]!, words[2 * i + 1]!] as const);
}

/**
 * The key of `parent` and an integer (a step, an index, ...): different integers give different keys, with certainty.
 * @example
 * ```ts
 * const key = st.random.key(42);
 * for (let step = 0; step < 3; step++) st.random.normal([2], {key: st.random.foldIn(key, step)});
 * ```
 */
export function foldIn(parent: Key, data: number): Key {
  checkKey('random.foldIn', parent);
  checkInteger('random.foldIn', 'data', data);
  const words = folded(parent.words, data);
  recorder()?.derived([words], parent.words, `fold in ${data}`, from => [folded(from, data)]);
  return {words};
}

function folded(parent: KeyWords, data: number): KeyWords {
  const high = Math.floor(data / 0x100000000) & 0x3fffff;
  return threefry2x32(parent, [data >>> 0, (FOLD | high) >>> 0]);
}

const isWord = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 0 && (x as number) <= 0xffffffff;

/** Throws in the name of `who` unless `value` is a key. */
export function checkKey(who: string, value: unknown): asserts value is Key {
  const words: unknown = (value as Key | null | undefined)?.words;
  const good = isListOf(words, isWord) && words.length === 2;
  check(good, who, 'key must come from random.key', value);
}
