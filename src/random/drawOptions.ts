/** What every sampler does first: read the shape and the key. */
import type {Numbers} from '../util/numbers.js';
import {needBackend} from '../util/backend.js';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {toShape, type Shape} from '../util/shapes.js';
import {checkKey, type Key} from '../keys/key.js';
import {nextKey} from './stream.js';

/** A parameter of a sampler; it broadcasts to the shape that is drawn. */
export type RandomParam = Numbers;

/** What every sampler takes. */
export interface RandomOptions {
  /** From `random.key`, `split` or `foldIn`; without one the default stream gives it (see `setSeed`). */
  key?: Key;
}

/** Checks the shape and the names of the options, and finds the key. */
export function startDraw(
  who: string,
  shape: number | readonly number[],
  options: RandomOptions,
  known: readonly string[],
): {shape: Shape; key: Key} {
  checkKeys(who, options, ['key', ...known]);
  return {shape: toShape(who, shape), key: keyOrNext(who, options.key)};
}

/** The key itself, checked, or the next one of the default stream; whoever has it draws. */
export function keyOrNext(who: string, key: Key | undefined): Key {
  needBackend();
  if (key === undefined) return nextKey();
  checkKey(who, key);
  return key;
}

/** Which of two parametrisations was given; throws unless exactly one was. */
export function onlyOne<A extends string, B extends string>(
  who: string,
  options: Readonly<Partial<Record<A | B, RandomParam>>>,
  a: A,
  b: B,
): {name: A | B; value: RandomParam} {
  const [first, second]: Array<RandomParam | undefined> = [options[a], options[b]];
  check(first === undefined || second === undefined, who, `give exactly one of ${a} and ${b}, got both`);
  if (first !== undefined) return {name: a, value: first};
  check(second !== undefined, who, `give exactly one of ${a} and ${b}, got neither`);
  return {name: b, value: second};
}
