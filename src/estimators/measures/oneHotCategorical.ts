import * as tf from '@tensorflow/tfjs-core';
import {byClass} from './categorical.js';

/** Values are one-hot vectors. */
export const oneHotCategoricalMeasure = byClass({
  shifted(x, shift, classes) {
    const begin = (at: number): number[] => [...new Array<number>(x.rank - 1).fill(0), at];
    const size = (n: number): number[] => [...x.shape.slice(0, -1), n];
    return tf.concat(
      [tf.slice(x, begin(classes - shift), size(shift)), tf.slice(x, begin(0), size(classes - shift))],
      -1,
    );
  },
  toOneHot: x => tf.cast(x, 'float32'),
});
