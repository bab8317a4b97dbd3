/**
 * Cumulative sums and products in reverse on webgpu: the stock program is kept under a name without the length, and so
 * reused for others. Forwards it does not need it.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

function turned(kernelName: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const {axis, reverse} = args.attrs as {axis: number; reverse: boolean};
      if (!reverse) return original(args);
      return compose(backendName, args.backend, ({run, track}) => {
        const turn = (x: tf.TensorInfo) => run(tf.Reverse, {x}, {dims: [axis]});
        const sums = track(
          original({
            ...args,
            inputs: {x: turn(args.inputs['x']!)},
            attrs: {...args.attrs, reverse: false},
          }) as tf.TensorInfo,
        ); // one output
        return turn(sums);
      });
    },
  };
}

export const turnedCumulative: readonly Replacement[] = [turned(tf.Cumsum), turned(tf.Cumprod)];
