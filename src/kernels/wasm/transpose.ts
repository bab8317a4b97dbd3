/** Transpose of a tensor without elements: the stock kernel divides by their number, and its output is never freed. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {share, withShape} from '../compose.js';
import type {Replacement} from '../replacement.js';

export const emptyTranspose: Replacement = {
  kernelName: tf.Transpose,
  replace: original => args => {
    const x = args.inputs['x']!;
    if (sizeOf(x.shape) > 0) return original(args);
    const {perm} = args.attrs as {perm: number[]}; // what the op passes
    return withShape(
      share(x, args.backend),
      perm.map(axis => x.shape[axis]!),
    );
  },
};
