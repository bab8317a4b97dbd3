/** Kernels of tfjs without the operations round them, which check what is known here and are one more thing to carry. */
import * as tf from '@tensorflow/tfjs-core';

/** Runs a kernel of one output; the active tape records it. A list is for kernels of any number of inputs, as AddN. */
export function runKernel(
  kernelName: string,
  inputs: Readonly<Record<string, tf.Tensor>> | readonly tf.Tensor[],
  attrs: object = {},
): tf.Tensor {
  // tfjs passes lists where its types have a record
  return tf.engine().runKernel<tf.Tensor>(kernelName, inputs as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
}

/** The sum of tensors of one shape. */
export function addN(tensors: readonly tf.Tensor[]): tf.Tensor {
  return runKernel(tf.AddN, tensors);
}
