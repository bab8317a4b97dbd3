/** Kernels that reduce along axes, at any rank. */
import * as tf from '@tensorflow/tfjs-core';
import {compose, withShape} from '../compose.js';
import type {Replacement} from '../replacement.js';
import {aroundAxis, groupAxes, SAFE_RANK, type Group} from './mergedAxes.js';

/** The shape of `shape` reduced over axes: without them, or with 1 in their places. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims
    ? shape.map((d, axis) => (axes.includes(axis) ? 1 : d))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/**
 * Calls `reduce` with each run of reduced axes as the middle of three, the innermost first; `reduce` drops the middle.
 */
export function runByRun<T>(groups: readonly Group[], x: T, reduce: (x: T, shape: [number, number, number]) => T): T {
  let out = x;
  const left = [...groups];
  for (let at = left.length - 1; at >= 0; at--) {
    if (!left[at]!.marked) continue;
    out = reduce(
      out,
      aroundAxis(
        left.map(g => g.size),
        at,
      ),
    );
    left.splice(at, 1);
  }
  return out;
}

/** Sum and its like, for which the order of the axes is free. */
function highRankReduction(kernelName: string, attribute = 'axis'): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const x = args.inputs['x']!;
      if (x.shape.length <= SAFE_RANK) return original(args);
      const axes = tf.util.parseAxisParam(args.attrs![attribute] as number | number[], x.shape);
      const shape = reducedShape(x.shape, axes, args.attrs!['keepDims'] === true);
      const call = (y: tf.TensorInfo, low: number[], over: number[]) =>
        original({
          ...args,
          inputs: {x: withShape(y, low)},
          attrs: {...args.attrs, [attribute]: over, keepDims: false},
        }) as tf.TensorInfo;
      // An axis of length 1 has nothing to reduce, but a kernel may still have a dtype to change.
      const groups = [...groupAxes(x.shape, axis => axes.includes(axis)), {size: 1, marked: true}];
      const low = groups.map(g => g.size);
      if (low.length <= SAFE_RANK)
        return withShape(
          call(
            x,
            low,
            [...low.keys()].filter(i => groups[i]!.marked),
          ),
          shape,
        );
      const out = compose(backendName, args.backend, ({track}) =>
        runByRun(groups, x, (y, three) => track(call(y, three, [1]))),
      );
      return withShape(out, shape);
    },
  };
}

/** A kernel along one axis that leaves the shape as it is, or takes the axis away. */
function alongOne(kernelName: string, input: string, attribute: string, keepsAxis: boolean): Replacement {
  return {
    kernelName,
    replace: original => args => {
      const x = args.inputs[input]!;
      if (x.shape.length <= SAFE_RANK) return original(args);
      const [axis] = tf.util.parseAxisParam(args.attrs![attribute] as number, x.shape) as [number];
      const around = aroundAxis(x.shape, axis);
      // Where the axis is the last it stays so: some kernels know no other.
      const isLast = around[2] === 1;
      const low = isLast ? around.slice(0, 2) : around;
      const out = original({
        ...args,
        inputs: {[input]: withShape(x, low)},
        attrs: {...args.attrs, [attribute]: 1},
      }) as tf.TensorInfo;
      return withShape(out, keepsAxis ? x.shape : reducedShape(x.shape, [axis], false));
    },
  };
}

export const reductionRanks: readonly Replacement[] = [
  highRankReduction(tf.Sum),
  highRankReduction(tf.Mean),
  highRankReduction(tf.Prod),
  highRankReduction(tf.Max, 'reductionIndices'),
  highRankReduction(tf.Min),
  highRankReduction(tf.All),
  highRankReduction(tf.Any),
  alongOne(tf.ArgMax, 'x', 'axis', false),
  alongOne(tf.ArgMin, 'x', 'axis', false),
  alongOne(tf.Cumsum, 'x', 'axis', true),
  alongOne(tf.Cumprod, 'x', 'axis', true),
  alongOne(tf.Softmax, 'logits', 'dim', true),
];
