/**
 * Truth values on wasm, where some stock kernels take them to be as wide as numbers, and write past the end of their
 * output, and casting keeps the last byte of a number.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

/** A kernel that moves or chooses elements of `inputs`, which all are truth values or none: by way of whole numbers. */
function asNumbers(kernelName: string, inputs: readonly string[]): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      if (args.inputs[inputs[0]!]!.dtype !== 'bool') return original(args);
      return compose(backendName, args.backend, ({run, track}) => {
        const numbers = Object.fromEntries(
          inputs.map(name => [name, run(tf.Cast, {x: args.inputs[name]!}, {dtype: 'int32'})]),
        );
        return run(
          tf.Cast,
          {x: track(original({...args, inputs: {...args.inputs, ...numbers}}) as tf.TensorInfo)},
          {dtype: 'bool'},
        ); // one output
      });
    },
  };
}

/** Whatever is not 0 is true. */
const castToBool: Replacement = {
  kernelName: tf.Cast,
  replace: (original, backendName) => args => {
    const x = args.inputs['x']!;
    if (args.attrs?.['dtype'] !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return original(args);
    return compose(backendName, args.backend, ({run, fill}) => {
      const zero = fill([], 0);
      return run(tf.NotEqual, {a: x, b: x.dtype === 'int32' ? run(tf.Cast, {x: zero}, {dtype: 'int32'}) : zero});
    });
  },
};

export const wideBools: readonly Replacement[] = [
  asNumbers(tf.Select, ['t', 'e']),
  asNumbers(tf.Reverse, ['x']),
  asNumbers(tf.StridedSlice, ['x']),
  castToBool,
];
