/**
 * The pieces that make a registered gradient differentiable again.
 *
 * tfjs saves a kernel's output by cloning it, and records the clone on the tape before the kernel. A later pass over
 * the tape therefore finds no path from the saved output back to the input: higher derivatives lose that term, or
 * throw. A gradient that saves the input as well can restore the path with `relink`, which costs no kernel.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Derivative of a kernel: dx from dy, the kernel's output y and its input x. */
export type UnaryRule = (dy: tf.Tensor, y: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor;

/**
 * y, which is known to equal f(inputs), with a path back to `inputs`: the value is not computed again, and its
 * derivative, to every order, is `backward` (which must itself use a relinked y, or the inputs alone).
 */
export function relink(inputs: tf.Tensor[], y: tf.Tensor, backward: (dy: tf.Tensor) => tf.Tensor[]): tf.Tensor {
  const linked = tf.customGrad(() => ({value: tf.clone(y), gradFunc: (dy: tf.Tensor) => backward(dy)}));
  return linked(...inputs);
}

/**
 * A gradient for a kernel with one input that needs its output: `rule` sees y relinked to x, so that it may be
 * differentiated any number of times.
 */
export function unaryGradient(kernelName: string, input: string, rule: UnaryRule): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [input],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const backward = (d: tf.Tensor): tf.Tensor =>
        rule(
          d,
          relink([x], y, dd => [backward(dd)]),
          x,
          attrs,
        );
      return {[input]: () => backward(one(dy))};
    },
  };
}

/** What `make` returns, as a constant: nothing inside is recorded, and no path leads out of it. */
export function asConstant(make: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({value: make(), gradFunc: () => []}))();
}

/**
 * A linear map of dy whose gradient is its adjoint; both must be built from operations that have a gradient where it
 * matters.
 */
export function linear(
  dy: tf.Tensor,
  map: (dy: tf.Tensor) => tf.Tensor,
  adjoint: (d: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const mapped = tf.customGrad(x => ({value: map(x as tf.Tensor), gradFunc: (d: tf.Tensor) => adjoint(d)}));
  return mapped(dy);
}

/** The gradient of the only output: tfjs passes a list only for kernels with several. */
export function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(dy) ? dy[0]! : dy;
}

/** `x` summed over the axes that broadcasting `shape` had added or stretched. */
export function unbroadcast(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return axes.length === 0 ? x : tf.reshape(tf.sum(x, axes), shape);
}
