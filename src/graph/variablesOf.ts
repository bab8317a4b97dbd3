/** What becomes of an object whose variables tfjs has disposed. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * How far fields of fields are followed: a state holds a network, which holds a list of variables; an optimizer a list
 * of records with one each.
 */
const DEPTH = 4;

/**
 * Whether a variable in the fields of `state` is no longer registered with tfjs: it was disposed, by itself or by
 * `tf.disposeVariables()`.
 */
export function isGone(state: unknown): boolean {
  return holdsGone(state, tf.engine().registeredVariables, DEPTH);
}

function holdsGone(x: unknown, registered: Readonly<Record<string, tf.Variable>>, depth: number): boolean {
  if (typeof x !== 'object' || x === null) return false;
  if ('dataId' in x && x instanceof tf.Tensor) return x instanceof tf.Variable && registered[x.name] !== x;
  if (depth === 0 || ArrayBuffer.isView(x)) return false;
  const within: unknown[] = Array.isArray(x)
    ? x
    : 'variables' in x && Array.isArray(x.variables)
      ? x.variables
      : Object.values(x); // of a user's network nothing but its variables
  for (const value of within) if (typeof value === 'object' && holdsGone(value, registered, depth - 1)) return true;
  return false;
}
