/** For each kernel, what its output's axes say of its inputs' axes. What is not known is taken to mix everything. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape} from '../../util/shapes.js';
import {axisRuleOf} from '../../math/axisRule.js';
import {attributesOf, isOwnElementwise} from '../../kernels/index.js';
import type {TapeRecord} from '../tape.js';
import {broadcastBack, EVERY, every, everywhere, join, pinsOf, recut, shifted, type Axes, type Axis, type Factor} from './factors.js';
import {firstIsTurned, secondIsTurned} from './turned.js';

/** One way back: from an output of a record to one of its inputs. */
interface Edge {
  readonly record: TapeRecord;
  readonly output: tf.Tensor;
  /** The axes of `output`. */
  readonly axes: Axes;
  /** The name of the input, and the input. */
  readonly name: string;
  readonly input: tf.Tensor;
}

type Rule = (edge: Edge) => Axes;

/** The axes of the input of an edge. */
export function inputAxes(edge: Edge): Axes {
  const {record, output, axes, input} = edge;
  if (isClone(edge)) return axes;
  const {kernelName} = record;
  if (kernelName === 'Unpack') return unpacked(edge);
  const rule = byTag.get(axisRuleOf(output)) ?? ruleOf(record);
  if (rule === undefined) return everywhere(input.shape);
  return axes.length === output.rank ? rule(edge) : [...rule({...edge, axes: axes.slice(0, output.rank)}), ...axes.slice(output.rank)];
}

/** The rule of a kernel. A custom gradient has the name of the scope around it, which may be a kernel's, and numbers for its inputs. */
function ruleOf({kernelName, inputs}: TapeRecord): Rule | undefined {
  const rule = rules.get(kernelName) ?? (isOwnElementwise(kernelName) ? elementwise : undefined);
  return !('0' in inputs) || kernelName.endsWith(tf.OP_SCOPE_SUFFIX) || takesList.includes(kernelName) ? rule : undefined;
}

/** Kernels whose inputs are a list. */
const takesList = ['AddN', 'Concat', 'Pack'];

/** The engine records a clone under the name of the scope around it, with an input named x; inputs of custom gradients have numbers. */
function isClone({record: {kernelName}, name, input, output}: Edge): boolean {
  if (name !== 'x' || !sameShape(input.shape, output.shape)) return false;
  const isKernel = rules.has(kernelName) && !kernelName.endsWith(tf.OP_SCOPE_SUFFIX); // nearly always
  return !isKernel && (input.dataId === output.dataId || tf.getKernel(kernelName, tf.getBackend()) === undefined);
}

const elementwise: Rule = ({axes, output, input}) => broadcastBack(axes, output.shape, input.shape);

/** The condition of a choice may be a list of rows. */
const choice: Rule = edge => {
  const {axes, output, input} = edge;
  const ofRows = edge.name === 'condition' && input.rank === 1 && output.rank > 1;
  return ofRows ? [axes[0]!] : elementwise(edge);
};

const reshaped: Rule = ({axes, input}) => [...recut(axes, input.shape), ...pinsOf(axes)];

/** Axes that keep their length stay, the others are mixed. */
const whereEqual: Rule = ({axes, output, input}) =>
  (output.rank === input.rank ? input.shape.map((n, i) => (n === output.shape[i] ? axes[i]! : every(n))) : everywhere(input.shape));

/** The first axis stays, where images lie one behind the other. */
const firstOnly: Rule = ({axes, output, input, name}) => {
  const isImages = ['0', 'x', 'dy', 'input', 'images', 'image'].includes(name) && output.rank === input.rank && input.shape[0] === output.shape[0];
  return input.shape.map((n, i) => (i === 0 && isImages ? axes[0]! : every(n)));
};

function mixing(axes: Axes, ...mixed: number[]): Axes {
  return axes.map((axis, i) => (mixed.includes(i) ? every(axis.reduce((n, {size}) => n * size, 1)) : axis));
}

const alongLast: Rule = edge => {
  const axes = elementwise(edge);
  return mixing(axes, axes.length - 1);
};

/** Matrices, one for each element of the leading axes. */
const matrices: Rule = edge => {
  const {axes, output, input} = edge;
  const lead = broadcastBack(axes.slice(0, -2), output.shape.slice(0, -2), input.shape.slice(0, -2));
  return [...lead, ...input.shape.slice(-2).map(every)];
};

const reduction: Rule = ({record, axes, output, input}) => {
  const attrs = attributesOf(record);
  const given = attrs?.['axis'] ?? attrs?.['reductionIndices'];
  if (attrs !== null && (given === undefined || given === null)) return everywhere(input.shape);
  if (attrs !== null) return overAxes(axes, output, input, toList(given, input.rank));
  // Without attributes: whatever fits the shapes, and what all of that agrees on.
  const subsets = Array.from({length: 2 ** input.rank}, (_, bits) => input.shape.flatMap((_, i) => ((bits >> i & 1) === 1 ? [i] : [])));
  const fitting = subsets.filter(reduced => fits(output.shape, input.shape, reduced));
  return fitting.map(reduced => overAxes(axes, output, input, reduced)).reduce((a, b) => join(a, b), overAxes(axes, output, input, fitting[0] ?? input.shape.map((_, i) => i)));
};

function fits(out: readonly number[], input: readonly number[], reduced: readonly number[]): boolean {
  const kept = input.map((n, i) => (reduced.includes(i) ? 1 : n));
  return sameShape(out, kept) || sameShape(out, kept.filter((_, i) => !reduced.includes(i)));
}

function overAxes(axes: Axes, output: tf.Tensor, input: tf.Tensor, reduced: readonly number[]): Axes {
  const keepsDims = output.rank === input.rank;
  let at = 0;
  return input.shape.map((n, i): Axis => {
    if (reduced.includes(i)) {
      at += keepsDims ? 1 : 0;
      return every(n);
    }
    return axes[at++] ?? every(n);
  });
}

function toList(given: unknown, rank: number): number[] {
  return [given].flat().map(axis => ((axis as number) + rank) % rank); // tfjs has checked what it was given
}

const running: Rule = ({record, axes, input}) => {
  const attrs = attributesOf(record);
  return attrs === null ? everywhere(input.shape) : mixing(axes, ...toList(attrs['axis'], input.rank));
};

const reversed: Rule = ({record, axes, input}) => {
  const attrs = attributesOf(record);
  return attrs === null ? everywhere(input.shape) : mixing(axes, ...toList(attrs['dims'], input.rank));
};

const transposed: Rule = ({record, axes, input}) => {
  const perm = attributesOf(record)?.['perm'];
  if (!Array.isArray(perm)) return everywhere(input.shape);
  const out = new Array<Axis>(input.rank);
  perm.forEach((from, to) => { out[from as number] = axes[to]!; });
  return out;
};

/** The element of an axis that is left when the others are gone. */
function elementOf([only, more]: Axis, at: number): Axis {
  return only === undefined || more !== undefined || !isPlain(only) ? [] : [{...only, size: 1, shift: (only.shift ?? 0) + at}];
}

const packed: Rule = ({record, axes, name, input}) => {
  const axis = attributesOf(record)?.['axis'];
  if (typeof axis !== 'number') return everywhere(input.shape);
  const at = axis < 0 ? axis + axes.length : axis;
  return [...axes.filter((_, i) => i !== at), elementOf(axes[at]!, Number(name))]; // inputs are numbered
};

const unpacked: Rule = ({record, output, axes, input}) => {
  const axis = attributesOf(record)?.['axis'];
  if (typeof axis !== 'number') return everywhere(input.shape);
  const at = axis < 0 ? axis + input.rank : axis;
  const gone = axes.slice(output.rank).filter(a => a.length > 0);
  const place = gone.pop()?.[0];
  const own = place === undefined ? every(input.shape[at]!) : moved(input.shape[at]!, place, -record.outputs.indexOf(output));
  return [...axes.slice(0, at), own, ...axes.slice(at, output.rank), ...gone];
};

function moved(size: number, {along, of, shift}: Factor, by: number): Axis {
  return shifted(size, along, of, (shift ?? 0) + by);
}

/** Whether a factor is a whole axis of the cost, or was cut out of one. */
function isPlain({size, along, of, shift}: Factor): boolean {
  return along !== EVERY && (shift !== null || size === of);
}

/** An axis of which a part is an axis of the output, or that is a part of one: moved by `by`. */
function movedBy(axis: Axis, size: number, by: number): Axis {
  const [only, more] = axis;
  return only === undefined || more !== undefined || !isPlain(only) ? every(size) : moved(size, only, by);
}

/** Axes that keep their length stay, of others the input is a part or has one, `by` elements behind where the output begins. */
function cutting(by: (edge: Edge, axis: number) => number | null): Rule {
  return edge => {
    const {axes, output, input} = edge;
    if (output.rank !== input.rank) return everywhere(input.shape);
    return input.shape.map((n, i) => {
      if (n === output.shape[i]) return axes[i]!;
      const shift = by(edge, i);
      return shift === null ? every(n) : movedBy(axes[i]!, n, shift);
    });
  };
}

/** The axis along which inputs or outputs lie one behind the other. */
const alongAxis = ({record, input}: Edge): number => toList(attributesOf(record)?.['axis'] ?? 0, input.rank)[0]!;

const before = (tensors: readonly tf.Tensor[], count: number, axis: number): number => tensors.slice(0, count).reduce((n, t) => n + t.shape[axis]!, 0);

const sliced = cutting(({record}, axis) => {
  const begin = attributesOf(record)?.['begin'];
  return begin === undefined ? null : -([begin].flat() as number[])[axis]!;
});
const padded = cutting(({record}, axis) => {
  const paddings = attributesOf(record)?.['paddings'];
  return paddings === undefined ? null : (paddings as unknown as number[][])[axis]![0]!;
});
const joined = cutting((edge, axis) => (axis === alongAxis(edge) ? before(Object.values(edge.record.inputs), Number(edge.name), axis) : null)); // inputs are numbered
const split = cutting((edge, axis) => (axis === alongAxis(edge) ? -before(edge.record.outputs, edge.record.outputs.indexOf(edge.output), axis) : null));

const repeated: Rule = ({axes, output, input}) => input.shape.map((n, i) => {
  const all = output.shape[i]!;
  return all === n ? axes[i]! : recut([axes[i]!], [all / n, n])[1]!;
});

/** op(a)·op(b) of [batch…, m, k] and [batch…, k, n]. */
const product: Rule = edge => {
  const attrs = attributesOf(edge.record);
  return attrs === null ? everywhere(edge.input.shape) : ofProduct(edge, edge.axes, edge.output.shape, attrs['transposeA'] === true, attrs['transposeB'] === true);
};

/** A fused product has its batch in one axis. */
const fusedProduct: Rule = edge => {
  const {record, output, axes, name, input} = edge;
  if (name !== '0' && name !== '1') return elementwise(edge);
  const [m, n] = output.shape.slice(-2) as [number, number]; // products are matrices
  const shape = [output.size / (m * n), m, n];
  const turned = name === '0' ? firstIsTurned(record) : secondIsTurned(record);
  const own = (is: boolean): Axes => ofProduct(edge, recut(axes, shape), shape, is, is);
  return turned === null ? [...own(true).slice(0, -2), ...input.shape.slice(-2).map(every)] : own(turned);
};

function ofProduct({name, input}: Edge, axes: Axes, shape: readonly number[], transposeA: boolean, transposeB: boolean): Axes {
  const isA = name === 'a' || name === '0';
  const lead = broadcastBack(axes.slice(0, -2), shape.slice(0, -2), input.shape.slice(0, -2));
  const [rows, columns] = input.shape.slice(-2) as [number, number];
  const own = axes[axes.length - (isA ? 2 : 1)]!;
  const ownFirst = isA !== (isA ? transposeA : transposeB);
  return ownFirst ? [...lead, own, every(columns)] : [...lead, every(rows), own];
}

const gathered: Rule = ({record, axes, name, input}) => {
  const attrs = attributesOf(record);
  if (attrs === null) return everywhere(input.shape);
  const {x, indices} = record.inputs as {x: tf.Tensor; indices: tf.Tensor};
  const at = toList(attrs['axis'] ?? 0, x.rank)[0]!;
  const dims = (attrs['batchDims'] as number | undefined) ?? 0;
  const shared = dims < 0 ? dims + indices.rank : dims;
  const places = indices.rank - shared;
  if (name === 'indices') return input.shape.map((n, i) => (i < shared ? axes[i] : axes[at + i - shared]) ?? every(n));
  return input.shape.map((n, i) => (i < at ? axes[i] : i > at ? axes[i - 1 + places] : undefined) ?? every(n));
};

/** Vectors of places along the last axis. */
const gatheredByVectors: Rule = ({axes, name, input}) =>
  (name === 'indices' ? input.shape.map((n, i) => (i < input.rank - 1 ? axes[i]! : every(n))) : everywhere(input.shape));

/** One more axis behind those of the input, or one less. */
const leading: Rule = ({axes, input}) => input.shape.map((n, i) => axes[i] ?? every(n));

const named: ReadonlyArray<readonly [Rule, readonly string[]]> = [
  [elementwise, [
    'Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Cast', 'Ceil', 'ClipByValue', 'ComplexAbs', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp', 'Expm1', 'Floor', 'Identity',
    'Imag', 'IsFinite', 'IsInf', 'IsNan', 'LeakyRelu', 'Log', 'Log1p', 'LogicalNot', 'Neg', 'Real', 'Reciprocal', 'Relu', 'Relu6', 'Round', 'Rsqrt', 'Selu', 'Sigmoid',
    'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Square', 'Step', 'Tan', 'Tanh', 'OnesLike', 'ZerosLike',
    'Add', 'AddN', 'Atan2', 'BitwiseAnd', 'Complex', 'RealDiv', 'EluGrad', 'Equal', 'FloorDiv', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr',
    'LogicalXor', 'Maximum', 'Minimum', 'Mod', 'Multiply', 'NotEqual', 'Pow', 'Prelu', 'SquaredDifference', 'Sub', 'FusedBatchNorm', 'BroadcastTo', 'logSigmoid__op',
  ]],
  [choice, ['Select']],
  [reshaped, ['Reshape', 'ExpandDims']],
  [reduction, ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'All', 'Any', 'ArgMax', 'ArgMin']],
  [running, ['Cumsum', 'Cumprod']],
  [reversed, ['Reverse']],
  [transposed, ['Transpose']],
  [packed, ['Pack']],
  [repeated, ['Tile']],
  [whereEqual, ['MirrorPad']],
  [sliced, ['Slice']],
  [padded, ['PadV2']],
  [joined, ['Concat']],
  [split, ['SplitV']],
  [product, ['BatchMatMul']],
  [fusedProduct, ['fusedMatMul__op']],
  [matrices, ['StCholesky', 'StTriangularSolve', 'StProducts']],
  [gathered, ['GatherV2']],
  [gatheredByVectors, ['GatherNd']],
  [leading, ['OneHot', 'softmaxCrossEntropy__op']],
  [alongLast, ['Softmax', 'LogSoftmax', 'logSoftmax__op', 'FFT', 'IFFT', 'Multinomial', 'TopK']],
  [firstOnly, [
    'Conv2D', 'Conv2DBackpropInput', 'Conv3D', 'Conv3DBackpropInputV2', 'DepthwiseConv2dNative', 'AvgPool', 'AvgPool3D', 'MaxPool', 'MaxPool3D', 'MaxPoolWithArgmax', 'LRN',
    'ResizeBilinear', 'ResizeNearestNeighbor', 'Dilation2D', 'DepthToSpace', 'FlipLeftRight', 'RotateWithOffset', 'fusedConv2d__op', 'fusedDepthwiseConv2d__op',
  ]],
];

const rules = new Map(named.flatMap(([rule, names]) => names.map(name => [name, rule] as const)));
const byTag = new Map<ReturnType<typeof axisRuleOf>, Rule>([['elementwise', elementwise], ['alongLast', alongLast]]);
