/** Looking at tensors where the host has them. */
import * as tf from '@tensorflow/tfjs-core';
import {readsAtOnce} from '../math/finite.js';
import {total} from '../math/total.js';
import {recorder, withRecorder} from '../util/recorder.js';
import type {WasmBackend} from './backendParts.js';

/**
 * The numbers of a float32 tensor: on wasm and cpu the memory itself, to be read at once and not to be written;
 * elsewhere a copy, for which the device stops. Who calls this tells the recorder what it is for.
 */
export function valuesNow(x: tf.Tensor): Float32Array {
  if (tf.getBackend() !== 'wasm') return withRecorder(null, () => x.dataSync<'float32'>());
  return (tf.backend() as unknown as WasmBackend).typedArrayFromHeap(x) as Float32Array; // x is float32
}

/** Whether all numbers of float32 tensors are finite; null where the backend cannot tell without stopping. */
export function allFiniteNow(tensors: readonly tf.Tensor[]): boolean | null {
  if (!readsAtOnce()) return null;
  const found = tensors.every(t => isFiniteSum(valuesNow(t)));
  recorder()?.expected(found, tensors, all => all.every(values => isFiniteSum(values as Float32Array))); // as given
  return found;
}

const isFiniteSum = (values: Float32Array): boolean => Number.isFinite(total(values));
