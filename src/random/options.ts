/** What every sampler does first: read the shape and the key. */
import * as tf from '@tensorflow/tfjs-core';
import {check, checkKeys, fail} from '../util/errors.js';
import {sameShape, toShape, tryBroadcast, type Shape} from '../util/shapes.js';
import {checkKey, type Key} from './key.js';
import {nextKey} from './stream.js';

/** A parameter of a sampler; it broadcasts to the shape that is drawn. */
export type RandomParam = tf.Tensor | tf.TensorLike;

export interface RandomOptions {
  /** From `random.key`, `split` or `foldIn`; without one the default stream gives it (see `setSeed`). */
  key?: Key;
}

/** Checks the shape and the names of the options, and finds the key. */
export function start(
    who: string, shape: number | readonly number[], options: RandomOptions, known: readonly string[]): {shape: Shape; key: Key} {
  checkKeys(who, options, ['key', ...known]);
  return {shape: toShape(who, shape), key: keyOrNext(who, options.key)};
}

/** The key itself, checked, or the next one of the default stream. */
export function keyOrNext(who: string, key: Key | undefined): Key {
  if (key === undefined) return nextKey();
  checkKey(who, key);
  return key;
}

/** A parameter as a float32 tensor whose shape (less its last `eventRank` axes) broadcasts to `shape`. Call it in a tidy. */
export function readParam(who: string, name: string, value: RandomParam, shape: readonly number[], eventRank = 0): tf.Tensor {
  if (typeof value === 'number') check(!Number.isNaN(value), who, `${name} must be a number`, value);
  else if (value === null || typeof value !== 'object') fail(who, `${name} must be a number, an array or a tensor`, value);
  const tensor = tf.cast(value instanceof tf.Tensor ? value : tf.tensor(value), 'float32');
  check(tensor.rank >= eventRank, who, `${name} must have at least ${eventRank} axis`, value);
  const own = tensor.shape.slice(0, tensor.rank - eventRank);
  const all = tryBroadcast([own, shape]);
  check(all !== null && sameShape(all, shape), who, `${name} must broadcast to the shape [${shape.join(',')}]`, value);
  return tensor;
}

/** Which of two parametrisations was given; throws unless exactly one was. */
export function onlyOne<A extends string, B extends string>(
    who: string, options: Readonly<Partial<Record<A | B, RandomParam>>>, a: A, b: B): {name: A | B; value: RandomParam} {
  const [first, second]: Array<RandomParam | undefined> = [options[a], options[b]];
  check(first === undefined || second === undefined, who, `give exactly one of ${a} and ${b}, got both`);
  if (first !== undefined) return {name: a, value: first};
  check(second !== undefined, who, `give exactly one of ${a} and ${b}, got neither`);
  return {name: b, value: second};
}
