/**
 * Booleans on webgpu, where programs that copy them without looking at their type do not compile, and are dropped with
 * all that is batched with them.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import {reducedShape} from '../ranks/reductions.js';
import type {Replacement} from '../replacement.js';

/** The stock kernel writes what a float buffer would hold; by way of floats it compiles. */
const boolTranspose: Replacement = {
  kernelName: tf.Transpose,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    if (x.dtype !== 'bool') return original(args);
    return compose(backendName, args.backend, ({run, fill, track}) => {
      // one output
      const moved = track(original({...args, inputs: {x: run(tf.Cast, {x}, {dtype: 'float32'})}}) as tf.TensorInfo);
      return run(tf.Greater, {a: moved, b: fill([], 0.5)});
    });
  },
};

/** All and Any over axes that are not the last transpose first, by the kernel above only if they are made of others. */
function logical(kernelName: string, extremum: string, attribute: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const x = args.inputs['x']!;
      const axes = tf.util.parseAxisParam(args.attrs!['axis'] as number | number[], x.shape);
      const areLast = axes.every(axis => axis >= x.shape.length - axes.length);
      if (areLast || reducedShape(x.shape, axes, true).includes(0)) return original(args);
      return compose(backendName, args.backend, ({run, fill}) => {
        const floats = run(tf.Cast, {x}, {dtype: 'float32'});
        return run(tf.Greater, {
          a: run(extremum, {x: floats}, {[attribute]: axes, keepDims: args.attrs!['keepDims']}),
          b: fill([], 0.5),
        });
      });
    },
  };
}

export const bools: readonly Replacement[] = [
  boolTranspose,
  logical(tf.Any, tf.Max, 'reductionIndices'),
  logical(tf.All, tf.Min, 'axis'),
];
