/**
 * Prelu whose operands broadcast: the stock kernel takes slopes for one to each column, whatever their shape, and x for
 * whole, and reads past their end.
 */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes, sizeOf} from '../../util/shapes.js';
import {compose, withShape} from '../compose.js';
import {repeat} from '../ranks/pointwise.js';
import type {Replacement} from '../replacement.js';

export const broadcastPrelu: Replacement = {
  kernelName: tf.Prelu,
  replace: (original, backendName) => args => {
    const {x, alpha} = args.inputs as Record<'x' | 'alpha', tf.TensorInfo>; // the kernel's required inputs
    const full = broadcastShapes('prelu', [x.shape, alpha.shape]);
    const slopes = sizeOf(alpha.shape);
    const isWhole = sizeOf(x.shape) === sizeOf(full);
    if (isWhole && (slopes === 1 || slopes === sizeOf(full) || slopes === alpha.shape.at(-1))) return original(args);
    return compose(backendName, args.backend, ({run, track}) => {
      const whole = (t: tf.TensorInfo) =>
        repeat({run}, withShape(t, [...new Array<number>(full.length - t.shape.length).fill(1), ...t.shape]), full);
      return track(original({...args, inputs: {x: whole(x), alpha: whole(alpha)}}) as tf.TensorInfo); // one output
    });
  },
};
