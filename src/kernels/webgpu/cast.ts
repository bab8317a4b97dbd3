/** A cast that converts: tfjs's webgpu kernel passes integers and booleans off as floats without touching their bits. */
import * as tf from '@tensorflow/tfjs-core';

/** The part of the webgpu backend that is used here; tfjs passes it to a kernel as `{}`. */
interface WebgpuBackend {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
  disposeData(dataId: object): void;
}

let exact: tf.KernelConfig | null = null;

/**
 * Replaces the webgpu backend's Cast by one that is right from int32 and bool to float32; without that backend it does nothing.
 *
 * The stock kernel only changes the label there. Arithmetic kernels look at how the data was made and convert, others (Transpose, Sum, Reshape
 * followed by either) read integer bits as a float: 1 becomes 1.4e-45. Multiplying by 1 converts for all.
 */
export function ensureExactCast(): void {
  const current = tf.getKernel(tf.Cast, 'webgpu') as tf.KernelConfig | undefined; // tfjs's type leaves out the unregistered
  if (current === undefined || current === exact) return;
  const stock = current.kernelFunc;
  exact = {...current, kernelFunc: args => convert(stock, args)};
  tf.unregisterKernel(tf.Cast, 'webgpu'); // tfjs warns of a kernel registered over another
  tf.registerKernel(exact);
}

function convert(stock: tf.KernelFunc, args: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | tf.TensorInfo[] {
  const x = args.inputs['x'] as tf.TensorInfo; // Cast has this one input
  const out = stock(args);
  if (args.attrs?.['dtype'] !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return out;
  const labelled = out as tf.TensorInfo; // Cast has one output
  const backend = args.backend as WebgpuBackend;
  const one = backend.makeTensorInfo([], 'float32', new Float32Array([1]));
  try {
    return tf.getKernel(tf.Multiply, 'webgpu').kernelFunc({inputs: {a: labelled, b: one}, attrs: {}, backend});
  } finally {
    backend.disposeData(labelled.dataId);
    backend.disposeData(one.dataId);
  }
}
