/**
 * Products of batches of matrices that broadcast: stock kernels start the smaller batch anew whenever it ends, which is
 * right only where its axes are the last ones.
 */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes, sameShape} from '../../util/shapes.js';
import {compose, withShape} from '../compose.js';
import type {Replacement} from '../replacement.js';
import {repeat} from './pointwise.js';

/** With one batch axis a batch of 1 is the only one to broadcast. */
const SIMPLE_RANK = 3;

/** Whether running through `batch` again and again is the same as broadcasting it to `full`. */
function isCyclic(batch: readonly number[], full: readonly number[]): boolean {
  const first = batch.findIndex(d => d !== 1);
  return first === -1 || sameShape(batch.slice(first), full.slice(full.length - batch.length + first));
}

function highRankProduct(kernelName: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const {a, b} = args.inputs as Record<'a' | 'b', tf.TensorInfo>; // the kernels' required inputs
      if (a.shape.length <= SIMPLE_RANK && b.shape.length <= SIMPLE_RANK) return original(args);
      const full = broadcastShapes(kernelName, [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
      if ([a, b].every(x => isCyclic(x.shape.slice(0, -2), full))) return original(args);
      return compose(backendName, args.backend, ({run, track}) => {
        const grow = (x: tf.TensorInfo) => {
          const batch = x.shape.slice(0, -2);
          if (isCyclic(batch, full)) return x;
          const padded = [...new Array<number>(full.length - batch.length).fill(1), ...x.shape];
          return repeat({run}, withShape(x, padded), [...full, ...x.shape.slice(-2)]);
        };
        // one output
        return track(original({...args, inputs: {...args.inputs, a: grow(a), b: grow(b)}}) as tf.TensorInfo);
      });
    },
  };
}

export const productRanks: readonly Replacement[] = [highRankProduct(tf.BatchMatMul), highRankProduct(tf._FusedMatMul)];
