/**
 * floorDiv of floats on webgl: the stock program rounds both operands to whole numbers first, so that −2.2 by 1.5 is
 * −1.
 */
import * as tf from '@tensorflow/tfjs-core';
import {compose} from '../compose.js';
import type {Replacement} from '../replacement.js';

/** ⌊a / b⌋. */
export const floatFloorDiv: Replacement = {
  kernelName: tf.FloorDiv,
  replace: (original, backendName) => args => {
    const {a, b} = args.inputs as Record<'a' | 'b', tf.TensorInfo>; // the kernel's required inputs
    if (a.dtype !== 'float32' && b.dtype !== 'float32') return original(args);
    return compose(backendName, args.backend, ({run}) => run(tf.Floor, {x: run(tf.RealDiv, {a, b})}));
  },
};
