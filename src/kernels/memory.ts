/** Looking at tensors where the host has them. */
import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from './backendParts.js';

/**
 * The numbers of a float32 tensor: on wasm and cpu the memory itself, to be read at once and not to be written;
 * elsewhere a copy, for which the device stops.
 */
export function valuesNow(x: tf.Tensor): Float32Array {
  if (tf.getBackend() !== 'wasm') return x.dataSync<'float32'>();
  return (tf.backend() as unknown as WasmBackend).typedArrayFromHeap(x) as Float32Array; // x is float32
}
