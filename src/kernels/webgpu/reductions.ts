/**
 * Reductions on webgpu whose output has a wrong shape: Prod drops the axes that it was told to keep, ArgMax and ArgMin
 * leave one of a vector.
 */
import * as tf from '@tensorflow/tfjs-core';
import {withShape} from '../compose.js';
import {reducedShape} from '../ranks/reductions.js';
import type {Replacement} from '../replacement.js';

function reshaped(kernelName: string): Replacement {
  return {
    kernelName,
    replace: original => args => {
      const {shape} = args.inputs['x']!;
      const axes = tf.util.parseAxisParam(args.attrs!['axis'] as number | number[], shape);
      // one output
      return withShape(original(args) as tf.TensorInfo, reducedShape(shape, axes, args.attrs!['keepDims'] === true));
    },
  };
}

export const shapedReductions: readonly Replacement[] = [reshaped(tf.Prod), reshaped(tf.ArgMax), reshaped(tf.ArgMin)];
