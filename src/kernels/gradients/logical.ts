/**
 * Comparisons and what they feed, and division to whole numbers: their derivative is 0 almost everywhere, where tfjs
 * throws, has none or gives that of a quotient.
 */
import * as tf from '@tensorflow/tfjs-core';
import {one} from './relink.js';

function flat(kernelName: string, inputs: string[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: inputs,
    // float32 whatever the input's dtype: tfjs refuses a gradient of any other.
    gradFunc: (_dy, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)])),
  };
}

const select: tf.GradConfig = {
  kernelName: tf.Select,
  inputsToSave: ['condition'],
  gradFunc: (dy, saved) => {
    const condition = saved[0]!;
    const d = one(dy);
    return {
      condition: () => tf.zeros(condition.shape),
      // chosen, not weighed: 0 times an infinite derivative would be NaN on the side that is not taken
      t: () => tf.where(condition, d, tf.zeros(condition.shape)),
      e: () => tf.where(condition, tf.zeros(condition.shape), d),
    };
  },
};

export const logicalGradients: tf.GradConfig[] = [
  ...[
    tf.Equal,
    tf.NotEqual,
    tf.Greater,
    tf.GreaterEqual,
    tf.Less,
    tf.LessEqual,
    tf.LogicalAnd,
    tf.LogicalOr,
    tf.FloorDiv,
  ].map(name => flat(name, ['a', 'b'])),
  ...[tf.LogicalNot, tf.Any, tf.All].map(name => flat(name, ['x'])),
  select,
];
