/** AddN of more tensors than a kernel may be given. */
import * as tf from '@tensorflow/tfjs-core';
import type {WebgpuBackend} from './backendParts.js';
import {compose, listOf, withList} from './compose.js';
import type {Replacement} from './replacement.js';

/** Tensors whose ids the wasm backend takes well: it puts them on a stack of 64 kB, and writes past its end unasked. */
const MOST_IDS = 4096;

/**
 * How many tensors the stock kernel adds. On webgpu it binds a buffer for each, whatever their number; beyond the
 * device's limit (eight in all, with the output, unless more are asked for) the command buffer is dropped, with all that
 * is batched in it, and its outputs keep what memory held.
 */
function mostAddends(backendName: string, backend: object): number {
  if (backendName === 'wasm') return MOST_IDS;
  return (backend as WebgpuBackend).device.limits.maxStorageBuffersPerShaderStage - 1; // one is the output's
}

/** Sums in groups. */
export const groupedAddN: Replacement = {
  kernelName: tf.AddN,
  replace: (original, backendName) => args => {
    const most = mostAddends(backendName, args.backend);
    const given = listOf(args);
    if (given.length <= most) return original(args);
    return compose(backendName, args.backend, ({track}) => {
      const add = (inputs: tf.TensorInfo[]) => track(original(withList(args, inputs)) as tf.TensorInfo);
      let left = given;
      while (left.length > 1) {
        const groups = Array.from({length: Math.ceil(left.length / most)}, (_, i) =>
          left.slice(i * most, (i + 1) * most),
        );
        left = groups.map(group => (group.length === 1 ? group[0]! : add(group)));
      }
      return left[0]!;
    });
  },
};
