/** The parts of tfjs's backends that kernels here use; tfjs passes a backend to a kernel as `{}`. */
import type * as tf from '@tensorflow/tfjs-core';
import type {Shape} from '../util/shapes.js';

/** What every backend of tfjs has: values by id, read, written and let go by the host. */
export interface AnyBackend {
  incRef(dataId: object): void;
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: Shape, dtype: tf.DataType): tf.DataId;
  disposeData(dataId: object): boolean;
}

/** The cpu backend: arrays as they are. */
export interface CpuBackend {
  data: {get(dataId: object): {values: Float32Array}};
  makeTensorInfo(shape: Shape, dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
}

/** The wasm backend: views of its heap. */
export interface WasmBackend {
  /** Called by `outputOf`, which looks whether inputs are there, or where something else does. */
  makeOutput(shape: Shape, dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(x: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  /** Where the numbers of a tensor begin; takes them over from another backend, and throws where they are disposed. */
  dataIdMap: {get(dataId: object): {readonly memoryOffset: number}};
}

/** The webgl backend: programs, with a list of numbers for each uniform. */
export interface WebglBackend {
  runWebGLProgram(
    program: object,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms?: number[][],
  ): tf.TensorInfo;
}

/** The webgpu backend: programs, with an object for each uniform, and what its device allows. */
export interface WebgpuBackend {
  device: {limits: {maxStorageBuffersPerShaderStage: number}};
  runWebGPUProgram(
    program: object,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms?: object[],
  ): tf.TensorInfo;
}
