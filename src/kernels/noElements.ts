/**
 * Kernels that are given tensors without elements, as an empty batch or `sample(0)` makes them. Stock wasm leaves their
 * results as it finds the memory, or writes past the end of it; others give NaN for the greatest of no numbers.
 */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes, sizeOf} from '../util/shapes.js';
import {compose, share, type KernelArgs} from './compose.js';
import {reducedShape} from './ranks/reductions.js';
import type {Replacement} from './replacement.js';

const isEmpty = (x: tf.TensorInfo): boolean => sizeOf(x.shape) === 0;

/** A tensor of one value. */
function filled(backendName: string, backend: object, shape: number[], value: number, dtype: tf.DataType) {
  return compose(backendName, backend, ({run, fill}) => {
    const x = fill(shape, value);
    return dtype === 'float32' ? x : run(tf.Cast, {x}, {dtype});
  });
}

/** Over no elements a reduction gives what changes nothing when it is combined with others. */
function reductionOfNone(kernelName: string, neutral: number, attribute = 'axis'): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const x = args.inputs['x']!;
      if (!isEmpty(x)) return original(args);
      const axes = tf.util.parseAxisParam(args.attrs![attribute] as number | number[], x.shape);
      const shape = reducedShape(x.shape, axes, args.attrs!['keepDims'] === true);
      return filled(backendName, args.backend, shape, neutral, kernelName === tf.Mean ? 'float32' : x.dtype);
    },
  };
}

/** Sums of no products are 0: those of one 0 stand for them, to which a bias and an activation are applied as ever. */
function productOfNone(kernelName: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const {a, b} = args.inputs as Record<'a' | 'b', tf.TensorInfo>; // the kernels' required inputs
      if (!isEmpty(a) && !isEmpty(b)) return original(args);
      const {transposeA, transposeB} = args.attrs as {transposeA: boolean; transposeB: boolean};
      const [m, n] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
      const batches = [a, b].map(x => x.shape.slice(0, -2)) as [number[], number[]];
      const shape = [...broadcastShapes(kernelName, batches), m, n];
      if (sizeOf(shape) === 0) return filled(backendName, args.backend, shape, 0, a.dtype);
      return compose(backendName, args.backend, ({fill, track}) =>
        track(
          original({
            ...args,
            inputs: {...args.inputs, a: fill([...batches[0], m, 1], 0), b: fill([...batches[1], 1, n], 0)},
            attrs: {...args.attrs, transposeA: false, transposeB: false},
          }) as tf.TensorInfo, // one output
        ),
      );
    },
  };
}

export const productsWithoutElements: readonly Replacement[] = [tf.BatchMatMul, tf._FusedMatMul].map(productOfNone);

/** A kernel of inputs that broadcast: to no elements where one of them has none, whatever the others hold. */
function broadcastToNone(kernelName: string, values: string): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const given = Object.values(args.inputs) as tf.TensorInfo[]; // all required
      if (!given.some(isEmpty)) return original(args);
      const shape = broadcastShapes(
        kernelName,
        given.map(x => x.shape),
      );
      return filled(backendName, args.backend, shape, 0, args.inputs[values]!.dtype);
    },
  };
}

/** Rows of nothing, or none of some. */
const gather: Replacement = {
  kernelName: tf.GatherV2,
  replace: (original, backendName) => args => {
    const {x, indices} = args.inputs as Record<'x' | 'indices', tf.TensorInfo>; // the kernel's required inputs
    const {axis, batchDims = 0} = args.attrs as {axis: number; batchDims?: number};
    if (!isEmpty(x) && !isEmpty(indices)) return original(args);
    const [along] = tf.util.parseAxisParam(axis, x.shape) as [number];
    const first = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
    const shape = [...x.shape.slice(0, along), ...indices.shape.slice(first), ...x.shape.slice(along + 1)];
    return sizeOf(shape) === 0 ? filled(backendName, args.backend, shape, 0, x.dtype) : original(args);
  },
};

export const withoutElements: readonly Replacement[] = [
  reductionOfNone(tf.Sum, 0),
  reductionOfNone(tf.Mean, 0),
  reductionOfNone(tf.Prod, 1),
  reductionOfNone(tf.Max, -Infinity, 'reductionIndices'),
  reductionOfNone(tf.Min, Infinity),
  reductionOfNone(tf.All, 1),
  reductionOfNone(tf.Any, 0),
  broadcastToNone(tf.Select, 't'),
  gather,
];

/** Sums of no rows, `target` of the kernel's attributes and inputs long. */
function scatterOfNone(kernelName: string, rows: string, target: (args: KernelArgs) => number[]): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const x = args.inputs[rows]!;
      return isEmpty(x) ? filled(backendName, args.backend, target(args), 0, x.dtype) : original(args);
    },
  };
}

/** What programs may meet of the kind. */
export const programsWithoutElements: readonly Replacement[] = [
  broadcastToNone(tf.Prelu, 'x'),
  scatterOfNone(tf.ScatterNd, 'updates', ({attrs}) => attrs!['shape'] as number[]),
];

/** What is left of the kind, on GPUs. */
export const restWithoutElements: readonly Replacement[] = [
  scatterOfNone(tf.UnsortedSegmentSum, 'x', ({inputs, attrs}) => [
    attrs!['numSegments'] as number,
    ...inputs['x']!.shape.slice(inputs['segmentIds']!.shape.length),
  ]),
  {
    kernelName: tf.TensorScatterUpdate,
    replace: original => args =>
      isEmpty(args.inputs['updates']!) ? share(args.inputs['tensor']!, args.backend) : original(args),
  },
];
