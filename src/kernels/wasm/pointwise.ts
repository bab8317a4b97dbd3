/**
 * Functions of each number by the code of assembly/pointwise.ts, within three units in the last place: stock wasm calls the
 * scalar library function for each, 5 to 15 ns. Its sigmoid and logarithms are quick.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {PointwiseFunction} from '../../simd/code.js';
import type {WasmBackend} from '../backendParts.js';
import type {Replacement} from '../replacement.js';
import {heapSimd} from './heap.js';
import {outputOf} from './output.js';
import {fastTanh} from './tanh.js';

function pointwise(kernelName: string, name: PointwiseFunction, otherwise?: Replacement): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => {
      const other = otherwise?.replace(original, backendName) ?? original;
      return args => {
        const x = args.inputs['x']!;
        const simd = x.dtype === 'float32' ? heapSimd(args.backend) : null;
        if (simd === null) return other(args);
        const out = outputOf(args.backend as WasmBackend, [x], x.shape, 'float32');
        simd.code[name](simd.at(out), simd.at(x), tf.util.sizeFromShape(x.shape));
        return out;
      };
    },
  };
}

export const simdPointwise: readonly Replacement[] = [
  pointwise(tf.Exp, 'exp'),
  pointwise(tf.Softplus, 'softplus'),
  pointwise(tf.Tanh, 'tanh', fastTanh),
  pointwise(tf.Sqrt, 'sqrt'),
];
