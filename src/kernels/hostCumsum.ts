/**
 * Running sums on hosts, where tfjs adds each number to the last sum in float32: over 10⁶ classes a cdf is off by 0.01.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {AnyBackend} from './backendParts.js';
import {aroundAxis} from './ranks/mergedAxes.js';
import type {Replacement} from './replacement.js';

/** In double precision; at any rank. */
export const accurateCumsum: Replacement = {
  kernelName: tf.Cumsum,
  replace: original => args => {
    const x = args.inputs['x']!;
    if (x.dtype !== 'float32' || x.shape.length === 0) return original(args);
    const {axis, exclusive, reverse} = args.attrs as {axis: number; exclusive: boolean; reverse: boolean};
    const [outer, n, inner] = aroundAxis(x.shape, tf.util.parseAxisParam(axis, x.shape)[0]!);
    const host = args.backend as AnyBackend;
    const values = host.readSync(x.dataId);
    const out = new Float32Array(values.length);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let k = 0; k < n; k++) {
          const at = (o * n + (reverse ? n - 1 - k : k)) * inner + i;
          if (exclusive) out[at] = sum;
          sum += values[at]!;
          if (!exclusive) out[at] = sum;
        }
      }
    }
    return {dataId: host.write(out, x.shape, 'float32'), shape: x.shape, dtype: 'float32'};
  },
};
