/** Kernels that work on each element by itself, at any rank. */
import * as tf from '@tensorflow/tfjs-core';
import {broadcastShapes, sameShape, sizeOf} from '../../util/shapes.js';
import {compose, listOf, withList, withShape, type Maker} from '../compose.js';
import type {Replacement} from '../replacement.js';
import {mergeBroadcast, SAFE_RANK} from './mergedAxes.js';

const isHigh = (x: tf.TensorInfo): boolean => x.shape.length > SAFE_RANK;
const isNumeric = (x: tf.TensorInfo): boolean => x.dtype !== 'string' && x.dtype !== 'complex64';

/**
 * x, whose axes are 1 or those of `full`, repeated until it has the shape `full`: axis by axis, so that no tensor has
 * more than rank 3.
 */
export function repeat({run}: Pick<Maker, 'run'>, x: tf.TensorInfo, full: readonly number[]): tf.TensorInfo {
  let grown = x;
  const shape = [...x.shape];
  for (let axis = full.length - 1; axis >= 0; axis--) {
    if (shape[axis] === full[axis]) continue;
    const around = [sizeOf(shape.slice(0, axis)), 1, sizeOf(shape.slice(axis + 1))];
    grown = run(tf.Tile, {x: withShape(grown, around)}, {reps: [1, full[axis]!, 1]});
    shape[axis] = full[axis]!;
  }
  return withShape(grown, shape);
}

/**
 * Calls `kernel` with inputs that broadcast to `full` at a rank of at most SAFE_RANK: neighbouring axes along which all
 * of them broadcast alike become one, and where too many are left, the inputs are repeated to the full size, which is
 * one axis.
 */
export function atLowRank(
  backendName: string,
  backend: object,
  full: number[],
  inputs: readonly tf.TensorInfo[],
  kernel: (inputs: tf.TensorInfo[], shape: number[]) => tf.TensorInfo,
): tf.TensorInfo {
  const [shape, ...shapes] = mergeBroadcast(
    full,
    inputs.map(x => x.shape),
  ) as [number[], ...number[][]]; // the full shape comes first
  const merged = inputs.map((x, i) => withShape(x, shapes[i]!));
  if (shape.length <= SAFE_RANK) return withShape(kernel(merged, shape), full);
  const size = [sizeOf(shape)];
  const out = compose(backendName, backend, ({run, track}) =>
    track(
      kernel(
        merged.map(x => withShape(repeat({run}, x, shape), size)),
        size,
      ),
    ),
  );
  return withShape(out, full);
}

/** A kernel of two inputs that broadcast against each other. */
function broadcasting(kernelName: string, first = 'a', second = 'b'): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => args => {
      const [a, b] = [args.inputs[first]!, args.inputs[second]!];
      if (!(isHigh(a) || isHigh(b)) || !isNumeric(a) || !isNumeric(b)) return original(args);
      const full = broadcastShapes(kernelName, [a.shape, b.shape]);
      return atLowRank(
        backendName,
        args.backend,
        full,
        [a, b],
        ([x, y]) => original({...args, inputs: {[first]: x!, [second]: y!}}) as tf.TensorInfo,
      ); // one output
    },
  };
}

/** A kernel whose inputs all have the shape of its output. */
function pointwise(kernelName: string, inputs: readonly string[] = ['x']): Replacement {
  return {
    kernelName,
    replace: original => args => {
      const given = inputs.map(name => args.inputs[name]!);
      const {shape} = given[0]!;
      if (!isHigh(given[0]!) || !given.every(isNumeric) || args.attrs?.['dtype'] === 'complex64') return original(args);
      const line = Object.fromEntries(given.map((x, i) => [inputs[i]!, withShape(x, [sizeOf(shape)])]));
      return withShape(original({...args, inputs: line}) as tf.TensorInfo, shape); // one output
    },
  };
}

const addN: Replacement = {
  kernelName: tf.AddN,
  replace: original => args => {
    const given = listOf(args);
    const {shape} = given[0]!;
    if (!isHigh(given[0]!) || !given.every(isNumeric)) return original(args);
    const line = given.map(x => withShape(x, [sizeOf(shape)]));
    return withShape(original(withList(args, line)) as tf.TensorInfo, shape); // one output
  },
};

/** Its condition may be a vector that chooses rows. */
const select: Replacement = {
  kernelName: tf.Select,
  replace: original => args => {
    // the kernel's required inputs
    const {condition, t, e} = args.inputs as Record<'condition' | 't' | 'e', tf.TensorInfo>;
    if (!isHigh(t) || !isNumeric(t)) return original(args);
    const choosesRows = !sameShape(condition.shape, t.shape) && sizeOf(condition.shape) !== sizeOf(t.shape);
    const shape = choosesRows ? [t.shape[0]!, sizeOf(t.shape.slice(1))] : [sizeOf(t.shape)];
    const inputs = {
      condition: withShape(condition, [sizeOf(condition.shape)]),
      t: withShape(t, shape),
      e: withShape(e, shape),
    };
    return withShape(original({...args, inputs}) as tf.TensorInfo, t.shape);
  },
};

const fill: Replacement = {
  kernelName: tf.Fill,
  replace: original => args => {
    const {shape} = args.attrs as {shape: number[]};
    if (shape.length <= SAFE_RANK) return original(args);
    return withShape(original({...args, attrs: {...args.attrs, shape: [sizeOf(shape)]}}) as tf.TensorInfo, shape);
  },
};

/**
 * Needed on every backend: the binary kernels. The first is looked for to see whether all are there (replacement.ts).
 */
export const binaryRanks: readonly Replacement[] = [
  tf.Add,
  tf.Sub,
  tf.Multiply,
  tf.RealDiv,
  tf.Mod,
  tf.Pow,
  tf.Maximum,
  tf.Minimum,
  tf.SquaredDifference,
  tf.Atan2,
  tf.Equal,
  tf.NotEqual,
  tf.Less,
  tf.LessEqual,
  tf.Greater,
  tf.GreaterEqual,
  tf.LogicalAnd,
  tf.LogicalOr,
  tf.LogicalXor,
  tf.BitwiseAnd,
]
  .map(name => broadcasting(name))
  .concat(select);

export const preluRanks: Replacement = broadcasting(tf.Prelu, 'x', 'alpha');
export const floorDivRanks: Replacement = broadcasting(tf.FloorDiv);

/** Needed on GPUs, whose programs know the rank of what they read and write; hosts run along the memory. */
export const pointwiseRanks: readonly Replacement[] = [
  tf.Abs,
  tf.Acos,
  tf.Acosh,
  tf.Asin,
  tf.Asinh,
  tf.Atan,
  tf.Atanh,
  tf.Cast,
  tf.Ceil,
  tf.ClipByValue,
  tf.Cos,
  tf.Cosh,
  tf.Elu,
  tf.Erf,
  tf.Exp,
  tf.Expm1,
  tf.Floor,
  tf.IsFinite,
  tf.IsInf,
  tf.IsNan,
  tf.LeakyRelu,
  tf.Log,
  tf.Log1p,
  tf.LogicalNot,
  tf.Neg,
  tf.OnesLike,
  tf.Reciprocal,
  tf.Relu,
  tf.Relu6,
  tf.Round,
  tf.Rsqrt,
  tf.Selu,
  tf.Sigmoid,
  tf.Sign,
  tf.Sin,
  tf.Sinh,
  tf.Softplus,
  tf.Sqrt,
  tf.Square,
  tf.Step,
  tf.Tan,
  tf.Tanh,
  tf.ZerosLike,
]
  .map(name => pointwise(name))
  .concat(pointwise(tf.EluGrad, ['dy', 'y']), addN, fill);
