/**
 * Min on webgl: the stock program starts from 1e20, so that nothing larger can be the smallest. That of Max starts from
 * an element.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

/** min x = −max −x. */
export const turnedMin: Replacement = {
  kernelName: tf.Min,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    if (x.dtype !== 'float32') return original(args);
    const {axis, keepDims} = args.attrs as {axis: number | number[]; keepDims: boolean};
    return compose(backendName, args.backend, ({run}) =>
      run(tf.Neg, {x: run(tf.Max, {x: run(tf.Neg, {x})}, {reductionIndices: axis, keepDims})}),
    );
  },
};
