/** Telling values apart at run time, with types that lose nothing. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Whether `x` is a tensor, of any copy of tfjs-core. Objects that only look like one to tfjs (a `TensorInfo`, a proxy)
 * are none.
 */
export function isTensor(x: unknown): x is tf.Tensor {
  return (
    x instanceof tf.Tensor &&
    typeof x.dataSync === 'function' &&
    Array.isArray(x.shape) &&
    typeof x.dtype === 'string' &&
    typeof x.id === 'number'
  );
}

/** The tensor itself where it has that dtype, else a cast one, which belongs to the tidy around. */
export function ofType(x: tf.Tensor, dtype: tf.DataType): tf.Tensor {
  return x.dtype === dtype ? x : tf.cast(x, dtype);
}

/** Typed arrays of numbers; those of BigInt are none. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

export function isNumericArray(x: unknown): x is NumericArray {
  return (
    ArrayBuffer.isView(x) && !(x instanceof DataView) && !(x instanceof BigInt64Array) && !(x instanceof BigUint64Array)
  );
}

/** No list of dimensions, axes or layers is longer. */
const LONGEST_LIST = 1024;

/** Whether `x` is a list or a typed array of integers >= `least`. */
export function isIntegerList(x: unknown, least: number): x is readonly number[] {
  if (!(Array.isArray(x) || isNumericArray(x)) || x.length > LONGEST_LIST) return false;
  for (let i = 0; i < x.length; i++) {
    // `every` would pass over holes
    const n: unknown = x[i];
    if (!Number.isInteger(n) || (n as number) < least) return false;
  }
  return true;
}

/** Whether `x` is a list of what `is` says; a hole is nothing, however many there are. */
export function isListOf<T>(x: unknown, is: (element: unknown) => element is T): x is T[] {
  if (!Array.isArray(x)) return false;
  for (let i = 0; i < x.length; i++) {
    // `every` would pass over holes, and take long over many
    if (!is(x[i])) return false;
  }
  return true;
}

/** Whether `x` is a variable. */
export function isVariable(x: unknown): x is tf.Variable {
  return x instanceof tf.Variable;
}

/** Whether `x` is to be waited for. */
export function isPromise(x: unknown): x is PromiseLike<unknown> {
  return (
    (typeof x === 'object' || typeof x === 'function') &&
    x !== null &&
    typeof (x as {then?: unknown}).then === 'function'
  );
}
