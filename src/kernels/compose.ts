/** Building one kernel of a backend out of others. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../util/shapes.js';
import type {AnyBackend} from './backendParts.js';

/** Runs a kernel by name and keeps track of what it makes. */
export type RunKernel = (kernelName: string, inputs: tf.NamedTensorInfoMap, attrs?: object) => tf.TensorInfo;

export interface Maker {
  readonly run: RunKernel;
  /** Makes a float32 tensor of one value. */
  readonly fill: (shape: number[], value: number) => tf.TensorInfo;
  /** Puts what another function made among what is freed in the end. */
  readonly track: (x: tf.TensorInfo) => tf.TensorInfo;
}

/** What `build` returns, which it must have made; everything else that it made is freed, also when it throws. */
export function compose(backendName: string, backend: object, build: (maker: Maker) => tf.TensorInfo): tf.TensorInfo {
  const host = backend as AnyBackend; // every backend of tfjs writes and disposes data by id
  const made: tf.TensorInfo[] = [];
  const track = (x: tf.TensorInfo) => (made.push(x), x);
  let out: tf.TensorInfo | undefined;
  try {
    out = build({
      track,
      run: (kernelName, inputs, attrs = {}) =>
        track(
          tf
            .getKernel(kernelName, backendName)
            .kernelFunc({inputs, attrs: attrs as tf.NamedAttrMap, backend}) as tf.TensorInfo,
        ),
      fill: (shape, value) =>
        track({
          dataId: host.write(new Float32Array(sizeOf(shape)).fill(value), shape, 'float32'),
          shape,
          dtype: 'float32',
        }),
    });
    return out;
  } finally {
    for (const {dataId} of made) if (dataId !== out?.dataId) host.disposeData(dataId);
  }
}

/** x with another shape, without a copy. */
export function withShape(x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return {dataId: x.dataId, shape, dtype: x.dtype};
}

/** x itself under a second reference, as Reshape returns it: tensors are immutable, so no copy is needed. */
export function share(x: tf.TensorInfo, backend: object): tf.TensorInfo {
  (backend as AnyBackend).incRef(x.dataId);
  return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
}

/** What tfjs calls a kernel with. */
export type KernelArgs = Parameters<tf.KernelFunc>[0];

/** The inputs of AddN, Concat or Pack. */
export function listOf({inputs}: KernelArgs): tf.TensorInfo[] {
  return inputs as unknown as tf.TensorInfo[]; // tfjs passes these kernels a list where its types have a record
}

/** The same call with another list of inputs. */
export function withList(args: KernelArgs, inputs: readonly tf.TensorInfo[]): KernelArgs {
  return {...args, inputs: inputs as unknown as tf.NamedTensorInfoMap}; // as in listOf
}
