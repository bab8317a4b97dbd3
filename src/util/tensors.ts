/** Telling values apart at run time, with types that lose nothing. */
import * as tf from '@tensorflow/tfjs-core';

/** Whether `x` is a tensor, of any copy of tfjs-core. */
export function isTensor(x: unknown): x is tf.Tensor {
  return x instanceof tf.Tensor;
}

/** Whether `x` is a list of integers >= `least`. */
export function isIntegerList(x: unknown, least: number): x is readonly number[] {
  return Array.isArray(x) && x.every(n => Number.isInteger(n) && (n as number) >= least);
}
