/** Kernels that move elements about, at any rank. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from '../../util/shapes.js';
import {compose, listOf, share, withList, withShape} from '../compose.js';
import type {Replacement} from '../replacement.js';
import {aroundAxis, SAFE_RANK} from './mergedAxes.js';

type Wrapped = (args: Parameters<tf.KernelFunc>[0]) => tf.TensorInfo;

const isHigh = (x: tf.TensorInfo): boolean => x.shape.length > SAFE_RANK;

/** Replaces a kernel of one output where `isNeeded`. */
function wrap(
  kernelName: string,
  isNeeded: (args: Parameters<tf.KernelFunc>[0]) => boolean,
  low: (original: Wrapped, backendName: string) => Wrapped,
): Replacement {
  return {
    kernelName,
    replace: (original, backendName) => {
      const lowered = low(original as Wrapped, backendName); // such a kernel returns one tensor
      return args => (isNeeded(args) ? lowered(args) : original(args));
    },
  };
}

/**
 * A kernel that does something to some axes, each by itself: where these are few, to all at once, their neighbours
 * merged; otherwise to one after the other. `actsOn` tells whether anything happens along an axis, `attrs` what the
 * kernel is told, per axis of the merged shape.
 */
function eachAxis<A>(
  kernelName: string,
  read: (attrs: tf.NamedAttrMap, x: tf.TensorInfo) => Array<A | null>,
  tell: (perAxis: Array<A | null>, shape: number[]) => object,
  grown: (d: number, action: A) => number,
): Replacement {
  return wrap(
    kernelName,
    ({inputs}) => isHigh(inputs['x']!),
    (original, backendName) => args => {
      const x = args.inputs['x']!;
      const actions = read(args.attrs!, x);
      const full = x.shape.map((d, axis) => (actions[axis] === null ? d : grown(d, actions[axis]!)));
      const call = (y: tf.TensorInfo, shape: number[], perAxis: Array<A | null>) =>
        original({
          ...args,
          inputs: {...args.inputs, x: withShape(y, shape)},
          attrs: {...args.attrs, ...tell(perAxis, shape)},
        });
      if (actions.every(a => a === null)) return {...share(x, args.backend), shape: full};
      const out = compose(backendName, args.backend, ({track}) => {
        const shape = [...x.shape];
        let y = x;
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          const action = actions[axis];
          if (action === null || action === undefined) continue;
          y = track(call(y, aroundAxis(shape, axis), [null, action, null]));
          shape[axis] = full[axis]!;
        }
        return y;
      });
      return withShape(out, full);
    },
  );
}

interface Range {
  begin: number;
  size: number;
}

const slice = eachAxis<Range>(
  tf.Slice,
  (attrs, x) => {
    const [begin, size] = tf.slice_util.parseSliceParams(x, attrs['begin'] as number[], attrs['size'] as number[]) as [
      number[],
      number[],
    ]; // reads the shape alone
    return x.shape.map((d, i) => (size[i] === d ? null : {begin: begin[i]!, size: size[i]!}));
  },
  (ranges, shape) => ({begin: ranges.map(r => r?.begin ?? 0), size: ranges.map((r, i) => r?.size ?? shape[i]!)}),
  (_, {size}) => size,
);

const tile = eachAxis<number>(
  tf.Tile,
  attrs => (attrs['reps'] as number[]).map(r => (r === 1 ? null : r)),
  reps => ({reps: reps.map(r => r ?? 1)}),
  (d, r) => d * r,
);

const padding = (kernelName: string) =>
  eachAxis<[number, number]>(
    kernelName,
    attrs => (attrs['paddings'] as Array<[number, number]>).map(p => (p[0] === 0 && p[1] === 0 ? null : p)),
    paddings => ({paddings: paddings.map(p => p ?? [0, 0])}),
    (d, [before, after]) => before + d + after,
  );

const reverse = eachAxis<true>(
  tf.Reverse,
  (attrs, x) => {
    const dims = tf.util.parseAxisParam(attrs['dims'] as number[], x.shape);
    return x.shape.map((_, i) => (dims.includes(i) ? true : null));
  },
  dims => ({dims: dims.flatMap((d, i) => (d === null ? [] : [i]))}),
  d => d,
);

/**
 * Axes that stay neighbours move as one; where too many are left, each is brought to its place in turn, by a
 * transposition of rank 4.
 */
const transpose = wrap(
  tf.Transpose,
  ({inputs}) => isHigh(inputs['x']!),
  (original, backendName) => args => {
    const x = args.inputs['x']!;
    const {perm} = args.attrs as {perm: number[]};
    const full = perm.map(axis => x.shape[axis]!);
    const blocks: number[][] = []; // axes of x in the order of the output
    for (const axis of perm.filter(a => x.shape[a] !== 1)) {
      const last = blocks.at(-1);
      const isNext =
        last !== undefined && x.shape.slice(last.at(-1)! + 1, axis).every(d => d === 1) && axis > last.at(-1)!;
      if (isNext) last.push(axis);
      else blocks.push([axis]);
    }
    const sizes = blocks.map(block => sizeOf(block.map(axis => x.shape[axis]!)));
    const order = blocks.map((_, i) => i).sort((i, j) => blocks[i]![0]! - blocks[j]![0]!); // blocks in the order of x
    const call = (y: tf.TensorInfo, shape: number[], low: number[]) =>
      original({...args, inputs: {x: withShape(y, shape)}, attrs: {...args.attrs, perm: low}});
    if (blocks.length < 2) return {...share(x, args.backend), shape: full};
    if (blocks.length <= SAFE_RANK) {
      return withShape(
        call(
          x,
          order.map(i => sizes[i]!),
          blocks.map((_, i) => order.indexOf(i)),
        ),
        full,
      );
    }
    const out = compose(backendName, args.backend, ({track}) => {
      let y = x;
      const now = [...order];
      blocks.forEach((_, place) => {
        const at = now.indexOf(place);
        if (at === place) return;
        const product = (from: number, to: number) => sizeOf(now.slice(from, to).map(i => sizes[i]!));
        y = track(
          call(y, [product(0, place), product(place, at), sizes[place]!, product(at + 1, now.length)], [0, 2, 1, 3]),
        );
        now.splice(place, 0, ...now.splice(at, 1));
      });
      return y;
    });
    return withShape(out, full);
  },
);

/** Concat and Pack: whatever lies after the axis moves along. */
function joining(kernelName: string, isNew: boolean): Replacement {
  return wrap(
    kernelName,
    args => isHigh(listOf(args)[0]!) || (isNew && listOf(args)[0]!.shape.length === SAFE_RANK),
    original => args => {
      const given = listOf(args);
      const {shape} = given[0]!;
      const rank = shape.length + (isNew ? 1 : 0);
      const axis = ((args.attrs!['axis'] as number) + rank) % rank;
      const outer = sizeOf(shape.slice(0, axis));
      const lined = given.map(x => withShape(x, [outer, sizeOf(x.shape.slice(axis))]));
      const full = isNew
        ? [...shape.slice(0, axis), given.length, ...shape.slice(axis)]
        : shape.map((d, i) => (i === axis ? given.reduce((sum, x) => sum + x.shape[axis]!, 0) : d));
      return withShape(original(withList({...args, attrs: {...args.attrs, axis: 1}}, lined)), full);
    },
  );
}

/** Unpack and SplitV: several outputs, which differ along the axis. */
function parting(kernelName: string, input: string, keepsAxis: boolean): Replacement {
  return {
    kernelName,
    replace: original => args => {
      const x = args.inputs[input]!;
      if (!isHigh(x)) return original(args);
      const [axis] = tf.util.parseAxisParam(args.attrs!['axis'] as number, x.shape) as [number];
      const outs = original({
        ...args,
        inputs: {[input]: withShape(x, aroundAxis(x.shape, axis))},
        attrs: {...args.attrs, axis: 1},
      });
      const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
      return (outs as tf.TensorInfo[]).map(y =>
        withShape(y, keepsAxis ? [...before, y.shape[1]!, ...after] : [...before, ...after]),
      );
    },
  };
}

/** [batch, outer, axis, inner] and [batch, indices]. */
const gather = wrap(
  tf.GatherV2,
  ({inputs}) =>
    isHigh(inputs['x']!) ||
    isHigh(inputs['indices']!) ||
    inputs['x']!.shape.length + inputs['indices']!.shape.length > SAFE_RANK,
  original => args => {
    const {x, indices} = args.inputs as Record<'x' | 'indices', tf.TensorInfo>; // the kernel's required inputs
    const [axis] = tf.util.parseAxisParam(args.attrs!['axis'] as number, x.shape) as [number];
    const given = (args.attrs!['batchDims'] as number | undefined) ?? 0;
    const batchDims = given < 0 ? given + indices.shape.length : given;
    const [batch, outer, inner] = [
      sizeOf(x.shape.slice(0, batchDims)),
      sizeOf(x.shape.slice(batchDims, axis)),
      sizeOf(x.shape.slice(axis + 1)),
    ];
    const inputs = {
      x: withShape(x, [batch, outer, x.shape[axis]!, inner]),
      indices: withShape(indices, [batch, sizeOf(indices.shape.slice(batchDims))]),
    };
    const full = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
    return withShape(original({...args, inputs, attrs: {...args.attrs, axis: 2, batchDims: 1}}), full);
  },
);

const oneHot = wrap(
  tf.OneHot,
  ({inputs}) => inputs['indices']!.shape.length >= SAFE_RANK,
  original => args => {
    const indices = args.inputs['indices']!;
    const out = original({...args, inputs: {indices: withShape(indices, [sizeOf(indices.shape)])}});
    return withShape(out, [...indices.shape, out.shape[1]!]);
  },
);

export const moveRanks: readonly Replacement[] = [
  slice,
  tile,
  padding(tf.PadV2),
  padding(tf.MirrorPad),
  reverse,
  transpose,
  joining(tf.Concat, false),
  joining(tf.Pack, true),
  parting(tf.Unpack, 'value', false),
  parting(tf.SplitV, 'x', true),
  gather,
  oneHot,
];
