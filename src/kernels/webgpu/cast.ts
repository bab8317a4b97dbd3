/**
 * A cast that converts: tfjs's webgpu kernel passes integers and booleans off as floats without touching their bits.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

/**
 * Right from int32 and bool to float32. The stock kernel only changes the label there. Arithmetic kernels look at how
 * the data was made and convert, others (Transpose, Sum, Reshape followed by either) read integer bits as a float: 1
 * becomes 1.4e-45. Multiplying by 1 converts for all.
 */
export const exactCast: Replacement = {
  kernelName: tf.Cast,
  replace: (original, backendName) => args => {
    const x = args.inputs['x'] as tf.TensorInfo; // Cast has this one input
    if (args.attrs?.['dtype'] !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return original(args);
    return compose(backendName, args.backend, ({run, fill, track}) =>
      run(tf.Multiply, {a: track(original(args) as tf.TensorInfo), b: fill([], 1)}),
    ); // Cast has one output
  },
};
