/** The one reader of numbers that users give: a number, a nested or typed array, lists of typed arrays, or a tensor. */
import * as tf from '@tensorflow/tfjs-core';
import {needBackend} from './backend.js';
import {check, describe, fail} from './errors.js';
import {checkSize, sizeOf, type Shape} from './shapes.js';
import {isNumericArray, isTensor, ofType} from './tensors.js';

/** A number, a nested array, a typed array or a tensor. */
export type Numbers = tf.Tensor | tf.TensorLike;

/** Numbers on the host: float32, in row-major order. */
export interface HostNumbers {
  readonly values: Float32Array;
  readonly shape: Shape;
}

/** Numbers as they lie in memory, of whatever type, and their shape. */
export interface ReadNumbers {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
}

/** Lists are nested this deep at most; those that contain themselves have no end. */
const DEEPEST = 16;

/**
 * The shape of what is given, as its first elements tell it; reads no tensor's data.
 * @throws for anything that holds no real numbers, a disposed tensor, or a size that no tensor can have
 */
export function shapeOfNumbers(who: string, name: string, value: Numbers): Shape {
  if (isTensor(value)) return checkTensor(who, name, value).shape;
  if (typeof value === 'number' || typeof value === 'boolean') return [];
  if (isNumericArray(value)) return checkSize(who, [value.length]);
  if (!Array.isArray(value)) fail(who, `${name} must be a number, an array or a tensor`, value);
  const shape: Shape = [];
  let level: unknown = value;
  for (; isList(level); level = level[0]) {
    shape.push(level.length);
    check(
      shape.length <= DEEPEST,
      who,
      `${name} must be an array of at most ${DEEPEST} axes, got one that is deeper or contains itself`,
    );
  }
  return checkSize(who, shape);
}

/** The numbers of `value`, which is no tensor. Throws unless it is regular and every leaf is a number or a boolean. */
export function hostNumbers(who: string, name: string, value: tf.TensorLike): HostNumbers {
  if (typeof value === 'number') return {values: new Float32Array([value]), shape: []};
  const shape = shapeOfNumbers(who, name, value);
  if (isNumericArray(value)) return {values: Float32Array.from(value), shape};
  const values = new Float32Array(sizeOf(shape));
  /** Writes a level of the nested array from `at` on. */
  const fill = (level: unknown, depth: number, at: number): void => {
    if (depth === shape.length && (typeof level === 'number' || typeof level === 'boolean')) {
      values[at] = Number(level);
      return;
    }
    if (isList(level) ? level.length !== shape[depth] : depth < shape.length)
      fail(who, `${name} must be a regular array of shape [${shape.join(',')}]`, value);
    if (!isList(level)) fail(who, `${name} must hold numbers only`, level);
    if (depth === shape.length - 1 && isNumericArray(level)) {
      values.set(level, at);
      return;
    }
    const step = sizeOf(shape.slice(depth + 1));
    for (let i = 0; i < level.length; i++) fill(level[i], depth + 1, at + i * step);
  };
  fill(value, 0, 0);
  return {values, shape};
}

/** The numbers of `value`, which `hostNumbers` has read, before they are rounded to float32. */
export function unroundedNumbers(value: tf.TensorLike): ArrayLike<number> {
  if (isNumericArray(value)) return value;
  const all: number[] = [];
  const visit = (x: unknown): void => {
    if (isList(x)) for (let i = 0; i < x.length; i++) visit(x[i]);
    else all.push(Number(x));
  };
  visit(value);
  return all;
}

/**
 * What `value` is now, for whoever keeps it: arrays are copied, since others may write into them later. Their numbers
 * have been checked.
 */
export function keptNumbers(value: Numbers): Numbers {
  if (isNumericArray(value)) return Float32Array.prototype.slice.call(value); // of all typed arrays
  return Array.isArray(value) ? (value.map(keptNumbers) as tf.TensorLike) : value; // as it was
}

/** The numbers of `value`; tensors are read, which waits for their device. */
export function readNumbers(who: string, name: string, value: Numbers): ReadNumbers {
  if (isTensor(value)) return {values: checkTensor(who, name, value).dataSync(), shape: value.shape};
  return hostNumbers(who, name, value);
}

/** A float32 tensor: the tensor itself where it is one already. Call it in a tidy. */
export function floatTensor(who: string, name: string, value: Numbers): tf.Tensor {
  if (isTensor(value)) return ofType(checkTensor(who, name, value), 'float32');
  needBackend();
  if (typeof value === 'number') return tf.scalar(value);
  const {values, shape} = hostNumbers(who, name, value);
  return tf.tensor(values, shape, 'float32');
}

/** The tensor itself; throws unless it is alive and holds real numbers. */
export function checkTensor<T extends tf.Tensor>(who: string, name: string, t: T): T {
  checkAlive(who, name, t);
  check(t.dtype !== 'string' && t.dtype !== 'complex64', who, `${name} must hold real numbers`, t);
  return t;
}

/** Throws in the name of `who` for a tensor that was disposed. */
export function checkAlive(who: string, name: string, t: tf.Tensor): void {
  if (t.isDisposed)
    fail(
      who,
      `${name} must be alive, got ${describe(t)}; tensors made in a tf.tidy end with it unless they are ` +
        'returned or kept (tf.keep)',
    );
}

const isList = (x: unknown): x is ArrayLike<unknown> => Array.isArray(x) || isNumericArray(x);

/** ` at [1,3]`; nothing for a scalar. */
export function placeOf(flat: number, shape: readonly number[]): string {
  const index = shape.map((d, axis) => Math.floor(flat / sizeOf(shape.slice(axis + 1))) % d);
  return shape.length === 0 ? '' : ` at [${index.join(',')}]`;
}
