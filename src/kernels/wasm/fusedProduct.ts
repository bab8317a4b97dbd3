/** What `_FusedMatMul` does with a product of matrices: it adds a bias to each row and applies an activation. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {compose, type KernelArgs, type Maker} from '../compose.js';
import type {Replacement} from '../replacement.js';

/** The kernels of activations; that of 'linear' is none. */
const ACTIVATIONS: Readonly<Record<string, string | null>> = {
  linear: null,
  relu: tf.Relu,
  relu6: tf.Relu6,
  elu: tf.Elu,
  sigmoid: tf.Sigmoid,
  leakyrelu: tf.LeakyRelu,
  prelu: tf.Prelu,
};

/** The activation that a fused product is asked for. */
const nameOf = ({attrs}: KernelArgs): string => attrs!['activation'] as string;

/** Whether `activated` knows what is asked for. */
export const isKnownActivation = (args: KernelArgs): boolean => nameOf(args) in ACTIVATIONS;

/** The product with the activation that is asked for. */
export function activated(product: tf.TensorInfo, args: KernelArgs, {run}: Maker): tf.TensorInfo {
  const kernel = ACTIVATIONS[nameOf(args)] ?? null;
  if (kernel === null) return product;
  if (kernel === tf.Prelu) return run(kernel, {x: product, alpha: args.inputs['preluActivationWeights']!});
  return run(kernel, {x: product}, kernel === tf.LeakyRelu ? {alpha: args.attrs!['leakyreluAlpha']} : {});
}

/**
 * The bias of products that XNNPACK does not do, of batches and of transposed operands: the stock kernel adds its last
 * element to every row of each matrix but the first.
 */
export const biasOfEachRow: Replacement = {
  kernelName: tf._FusedMatMul,
  replace: (original, backendName) => args => {
    const {a, b, bias} = args.inputs as Record<'a' | 'b', tf.TensorInfo> & {bias?: tf.TensorInfo}; // what the op passes
    const {transposeA, transposeB} = args.attrs as {transposeA: boolean; transposeB: boolean};
    const isStock = !transposeA && !transposeB && [a, b].every(({shape}) => sizeOf(shape.slice(0, -2)) === 1);
    // a bias of other ranks is refused by the stock kernel
    if (bias == null || isStock || bias.shape.length !== 1 || !isKnownActivation(args)) return original(args);
    return compose(backendName, args.backend, maker => {
      const attrs = {...args.attrs, activation: 'linear'};
      const product = maker.track(original({...args, inputs: {a, b}, attrs}) as tf.TensorInfo); // one output
      return activated(maker.run(tf.Add, {a: product, b: bias}), args, maker);
    });
  },
};
