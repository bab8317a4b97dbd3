/** Where a kernel on wasm writes. */
import type * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../../util/shapes.js';
import type {WasmBackend} from '../backendParts.js';

/**
 * Memory for what is made of `inputs`, once they are there: a disposed one throws before anything is made that nobody
 * would free. Views of the heap are to be taken afterwards, for an allocation may move it.
 */
export function outputOf(
  wasm: WasmBackend,
  inputs: readonly tf.TensorInfo[],
  shape: Shape,
  dtype: tf.DataType,
): tf.TensorInfo {
  for (const {dataId} of inputs) wasm.dataIdMap.get(dataId);
  return wasm.makeOutput(shape, dtype);
}
