/** Prelu whose slopes broadcast: the stock kernel takes them for one to each column, whatever their shape, and reads past their end. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {compose, withShape} from '../compose.js';
import {repeat} from '../ranks/elementwise.js';
import type {Replacement} from '../replacement.js';

export const broadcastPrelu: Replacement = {
  kernelName: tf.Prelu,
  replace: (original, backendName) => args => {
    const {x, alpha} = args.inputs as Record<'x' | 'alpha', tf.TensorInfo>; // the kernel's required inputs
    const slopes = sizeOf(alpha.shape);
    if (slopes === 1 || slopes === sizeOf(x.shape) || slopes === alpha.shape.at(-1)) return original(args);
    return compose(backendName, args.backend, ({run, track}) => {
      const padded = [...new Array<number>(x.shape.length - alpha.shape.length).fill(1), ...alpha.shape];
      return track(original({...args, inputs: {x, alpha: repeat({run}, withShape(alpha, padded), x.shape)}}) as tf.TensorInfo); // one output
    });
  },
};
