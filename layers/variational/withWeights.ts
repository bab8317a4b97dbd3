/** Other values in the place of a layer's weights, for one call. */
import type * as tf from '@tensorflow/tfjs-core';
import type {layers, LayerVariable} from '@tensorflow/tfjs-layers';

/** Runs `fn`, in which the variables read as these tensors. */
export function withWeights<T>(values: ReadonlyMap<LayerVariable, tf.Tensor>, fn: () => T): T {
  for (const [variable, value] of values) variable.read = () => value; // what reads it computes with it only
  try {
    return fn();
  } finally {
    for (const variable of values.keys()) delete (variable as {read?: unknown}).read; // that of its class again
  }
}

/** Runs `fn`, in which a dense or convolutional layer adds no bias. */
export function withoutBias<T>(layer: layers.Layer, fn: () => T): T {
  const open = layer as unknown as {bias: LayerVariable | null}; // a field of these layers, without one in the types
  const {bias} = open;
  open.bias = null;
  try {
    return fn();
  } finally {
    open.bias = bias;
  }
}
