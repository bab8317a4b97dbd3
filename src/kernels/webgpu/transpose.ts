/** Transpositions of whole numbers on webgpu: the stock program for three axes and more does not compile for them. */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

export const wholeTranspose: Replacement = {
  kernelName: tf.Transpose,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    if (x.dtype !== 'int32' || x.shape.length < 3) return original(args);
    return compose(backendName, args.backend, ({run, track}) => {
      const floats = run(tf.Cast, {x}, {dtype: 'float32'}); // exact below 2^24
      // one output
      return run(tf.Cast, {x: track(original({...args, inputs: {x: floats}}) as tf.TensorInfo)}, {dtype: 'int32'});
    });
  },
};
