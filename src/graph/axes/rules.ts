/** For each kernel, what its output's axes say of its inputs' axes. What is not known is taken to mix everything. */
import * as tf from '@tensorflow/tfjs-core';
import {sameShape} from '../../util/shapes.js';
import {axisRuleOf} from '../../math/axisRule.js';
import {isOwnElementwise} from '../../kernels/index.js';
import type {TapeRecord} from '../tape.js';
import {elementwise, mixing, type Edge, type EdgeRule} from './edge.js';
import {every, everywhere, pinsOf, recut, type Axes} from './factors.js';
import {
  gathered,
  gatheredByVectors,
  joined,
  packed,
  padded,
  repeated,
  sliced,
  splitUp,
  permuted,
  unpacked,
} from './moves.js';
import {fusedProduct, matrices, product} from './products.js';
import {reduction, reversed, running} from './reductions.js';

/** The axes of the input of an edge. */
export function inputAxes(edge: Edge): Axes {
  const {record, output, axes, input} = edge;
  if (isClone(edge)) return axes;
  const {kernelName} = record;
  if (kernelName === 'Unpack') return unpacked(edge);
  const rule = byTag.get(axisRuleOf(output)) ?? ruleOf(record);
  if (rule === undefined) return everywhere(input.shape);
  return axes.length === output.rank
    ? rule(edge)
    : [...rule({...edge, axes: axes.slice(0, output.rank)}), ...axes.slice(output.rank)];
}

/**
 * The rule of a kernel. A custom gradient has the name of the scope around it, which may be a kernel's, and numbers for
 * its inputs.
 */
function ruleOf({kernelName, inputs}: TapeRecord): EdgeRule | undefined {
  const rule = rules.get(kernelName) ?? (isOwnElementwise(kernelName) ? elementwise : undefined);
  return !('0' in inputs) || kernelName.endsWith(tf.OP_SCOPE_SUFFIX) || takesList.includes(kernelName)
    ? rule
    : undefined;
}

/** Kernels whose inputs are a list. */
const takesList = ['AddN', 'Concat', 'Pack'];

/**
 * The engine records a clone under the name of the scope around it, with an input named x; inputs of custom gradients
 * have numbers.
 */
function isClone({record: {kernelName}, name, input, output}: Edge): boolean {
  if (name !== 'x' || kernels.has(kernelName) || !sameShape(input.shape, output.shape)) return false;
  return input.dataId === output.dataId || tf.getKernel(kernelName, tf.getBackend()) === undefined;
}

/** The condition of a choice may be a list of rows. */
const choice: EdgeRule = edge => {
  const {axes, output, input} = edge;
  const ofRows = edge.name === 'condition' && input.rank === 1 && output.rank > 1;
  return ofRows ? [axes[0]!] : elementwise(edge);
};

const reshaped: EdgeRule = ({axes, input}) => [...recut(axes, input.shape), ...pinsOf(axes)];

/** Axes that keep their length stay, the others are mixed. */
const whereEqual: EdgeRule = ({axes, output, input}) =>
  output.rank === input.rank
    ? input.shape.map((n, i) => (n === output.shape[i] ? axes[i]! : every(n)))
    : everywhere(input.shape);

/** The first axis stays, where images lie one behind the other. */
const firstOnly: EdgeRule = ({axes, output, input, name}) => {
  const isImages =
    ['0', 'x', 'dy', 'input', 'images', 'image'].includes(name) &&
    output.rank === input.rank &&
    input.shape[0] === output.shape[0];
  return input.shape.map((n, i) => (i === 0 && isImages ? axes[0]! : every(n)));
};

const alongLast: EdgeRule = edge => {
  const axes = elementwise(edge);
  return mixing(axes, axes.length - 1);
};

/** One more axis behind those of the input, or one less. */
const leading: EdgeRule = ({axes, input}) => input.shape.map((n, i) => axes[i] ?? every(n));

const named: ReadonlyArray<readonly [EdgeRule, readonly string[]]> = [
  [
    elementwise,
    [
      'Abs',
      'Acos',
      'Acosh',
      'Asin',
      'Asinh',
      'Atan',
      'Atanh',
      'Cast',
      'Ceil',
      'ClipByValue',
      'ComplexAbs',
      'Cos',
      'Cosh',
      'Elu',
      'Erf',
      'Exp',
      'Expm1',
      'Floor',
      'Identity',
      'Imag',
      'IsFinite',
      'IsInf',
      'IsNan',
      'LeakyRelu',
      'Log',
      'Log1p',
      'LogicalNot',
      'Neg',
      'Real',
      'Reciprocal',
      'Relu',
      'Relu6',
      'Round',
      'Rsqrt',
      'Selu',
      'Sigmoid',
      'Sign',
      'Sin',
      'Sinh',
      'Softplus',
      'Sqrt',
      'Square',
      'Step',
      'Tan',
      'Tanh',
      'OnesLike',
      'ZerosLike',
      'Add',
      'AddN',
      'Atan2',
      'BitwiseAnd',
      'Complex',
      'RealDiv',
      'EluGrad',
      'Equal',
      'FloorDiv',
      'Greater',
      'GreaterEqual',
      'Less',
      'LessEqual',
      'LogicalAnd',
      'LogicalOr',
      'LogicalXor',
      'Maximum',
      'Minimum',
      'Mod',
      'Multiply',
      'NotEqual',
      'Pow',
      'Prelu',
      'SquaredDifference',
      'Sub',
      'FusedBatchNorm',
      'BroadcastTo',
      'logSigmoid__op',
    ],
  ],
  [choice, ['Select']],
  [reshaped, ['Reshape', 'ExpandDims']],
  [reduction, ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'All', 'Any', 'ArgMax', 'ArgMin']],
  [running, ['Cumsum', 'Cumprod']],
  [reversed, ['Reverse']],
  [permuted, ['Transpose']],
  [packed, ['Pack']],
  [repeated, ['Tile']],
  [whereEqual, ['MirrorPad']],
  [sliced, ['Slice']],
  [padded, ['PadV2']],
  [joined, ['Concat']],
  [splitUp, ['SplitV']],
  [product, ['BatchMatMul']],
  [fusedProduct, ['fusedMatMul__op']],
  [matrices, ['StCholesky', 'StTriangularSolve', 'StProducts']],
  [gathered, ['GatherV2']],
  [gatheredByVectors, ['GatherNd']],
  [leading, ['OneHot', 'softmaxCrossEntropy__op']],
  [alongLast, ['Softmax', 'LogSoftmax', 'logSoftmax__op', 'FFT', 'IFFT', 'Multinomial', 'TopK']],
  [
    firstOnly,
    [
      'Conv2D',
      'Conv2DBackpropInput',
      'Conv3D',
      'Conv3DBackpropInputV2',
      'DepthwiseConv2dNative',
      'AvgPool',
      'AvgPool3D',
      'MaxPool',
      'MaxPool3D',
      'MaxPoolWithArgmax',
      'LRN',
      'ResizeBilinear',
      'ResizeNearestNeighbor',
      'Dilation2D',
      'DepthToSpace',
      'FlipLeftRight',
      'RotateWithOffset',
      'fusedConv2d__op',
      'fusedDepthwiseConv2d__op',
    ],
  ],
];

const rules = new Map(named.flatMap(([rule, names]) => names.map(name => [name, rule] as const)));
/** The names among them that are no scopes. */
const kernels = new Set([...rules.keys()].filter(name => !name.endsWith(tf.OP_SCOPE_SUFFIX)));
const byTag = new Map<ReturnType<typeof axisRuleOf>, EdgeRule>([
  ['elementwise', elementwise],
  ['alongLast', alongLast],
]);
