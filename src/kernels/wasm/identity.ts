/**
 * Copies that need not be made: stock wasm copies every tensor that the tape saves, and every cast to the same dtype.
 */
import * as tf from '@tensorflow/tfjs-core';
import {share} from '../compose.js';
import type {Replacement} from '../replacement.js';

export const fastIdentity: Replacement = {
  kernelName: tf.Identity,
  replace: original => args => {
    const x = args.inputs['x']!;
    return x.dtype === 'string' ? original(args) : share(x, args.backend);
  },
};

export const fastCast: Replacement = {
  kernelName: tf.Cast,
  replace: original => args => {
    const x = args.inputs['x']!;
    return x.dtype === 'string' || x.dtype !== args.attrs?.['dtype'] ? original(args) : share(x, args.backend);
  },
};
