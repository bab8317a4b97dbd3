/** Building one kernel of the wasm backend out of others. */
import * as tf from '@tensorflow/tfjs-core';

/** A kernel that replaces one of tfjs's: given the original's function, the function to use instead. */
export interface FastKernel {
  kernelName: string;
  replace: (original: tf.KernelFunc) => tf.KernelFunc;
}

/** The part of the wasm backend that kernels here use; tfjs passes it to a kernel as `{}`. */
export interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(x: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  incRef(dataId: object): void;
  disposeData(dataId: object): void;
}

/** Runs a kernel by name and keeps track of what it makes. */
export type Run = (kernelName: string, inputs: tf.NamedTensorInfoMap, attrs?: object) => tf.TensorInfo;

/** Makes a float32 tensor of one value. */
export type Fill = (shape: number[], value: number) => tf.TensorInfo;

/** What `build` returns, which it must have made; everything else that it made is freed, also when it throws. */
export function compose(backend: object, build: (run: Run, fill: Fill) => tf.TensorInfo): tf.TensorInfo {
  const wasm = backend as WasmBackend;
  const made: tf.TensorInfo[] = [];
  const track = (x: tf.TensorInfo) => (made.push(x), x);
  let out: tf.TensorInfo | undefined;
  try {
    out = build(
      (kernelName, inputs, attrs = {}) =>
        track(tf.getKernel(kernelName, 'wasm').kernelFunc({inputs, attrs: attrs as tf.NamedAttrMap, backend}) as tf.TensorInfo),
      (shape, value) => {
        const x = track(wasm.makeOutput(shape, 'float32'));
        wasm.typedArrayFromHeap(x).fill(value);
        return x;
      },
    );
    return out;
  } finally {
    for (const x of made) if (x !== out) wasm.disposeData(x.dataId);
  }
}

/** x with another shape, without a copy. */
export function withShape(x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return {dataId: x.dataId, shape, dtype: x.dtype};
}

/** x itself under a second reference, as Reshape returns it: tensors are immutable, so no copy is needed. */
export function share(x: tf.TensorInfo, backend: object): tf.TensorInfo {
  (backend as WasmBackend).incRef(x.dataId);
  return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
}
