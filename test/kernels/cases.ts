import * as tf from '@tensorflow/tfjs';
import type {Case} from './derivatives.js';
import {equalSizeCases} from './equalSizeCases.js';

const matrix = (x: tf.Tensor, from: number, shape: [number, number]): tf.Tensor2D =>
  tf.reshape(tf.slice(x, [from], [shape[0] * shape[1]]), shape);
const image = (x: tf.Tensor): tf.Tensor4D => tf.reshape(tf.slice(x, [0], [16]), [1, 4, 4, 1]);
const filter = (x: tf.Tensor): tf.Tensor4D => tf.reshape(tf.slice(x, [16], [4]), [2, 2, 1, 1]);

const mixed = [-2.1, -0.6, 0.35, 1.4];
const positive = [0.4, 0.9, 1.7, 2.3];
const unit = [-0.55, -0.3, 0.2, 0.45];

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** erf by its Maclaurin series, which is exact to 1e-15 on the small arguments of these tests. */
export function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (total * 2) / Math.sqrt(Math.PI);
}

/** The first, `size`-long rows of a flat vector. */
function rows(x: number[], size: number): number[][] {
  return Array.from({length: x.length / size}, (_, i) => x.slice(i * size, (i + 1) * size));
}

const sum = (x: number[]) => x.reduce((a, b) => a + b, 0);
const logSumExp = (x: number[]) => Math.log(sum(x.map(Math.exp)));
const softmax = (x: number[]) => x.map(v => Math.exp(v - logSumExp(x)));

function elementwise(name: string, at: number[], op: (x: tf.Tensor) => tf.Tensor, f: (x: number) => number): Case {
  return {name, at, op, reference: x => x.map(f)};
}

function rowwise(name: string, size: number, op: (x: tf.Tensor2D) => tf.Tensor, f: (row: number[]) => number[]): Case {
  const at = [-0.7, 0.4, 1.3, 0.2, -1.1, 0.9];
  return {name, at, op: x => op(tf.reshape(x, [-1, size])), reference: x => rows(x, size).flatMap(f)};
}

/** The square of a rearrangement: the reference finds where each element goes by rearranging 1, 2, 3, … */
function rearrange(name: string, shape: number[], op: (x: tf.Tensor) => tf.Tensor): Case {
  const n = shape.reduce((a, b) => a * b, 1);
  const at = Array.from({length: n}, (_, i) => Math.sin(1 + 1.7 * i));
  let from: number[] | undefined;
  const index = () => tf.tidy(() => Array.from(op(tf.reshape(tf.range(1, n + 1), shape)).dataSync()));
  return {
    name,
    at,
    op: x => tf.pow(op(tf.reshape(x, shape)), 3),
    reference: x => (from ??= index()).map(i => (i === 0 ? 0 : x[i - 1]! ** 3)),
  };
}

/** A function of two halves of the vector. */
function binary(
  name: string,
  at: number[],
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  f: (a: number, b: number) => number,
): Case {
  const half = at.length / 2;
  return {
    name,
    at,
    op: x => op(tf.slice(x, [0], [half]), tf.slice(x, [half], [half])),
    reference: x => x.slice(0, half).map((a, i) => f(a, x[half + i]!)),
  };
}

function matMul(a: number[], b: number[], m: number, k: number, n: number): number[] {
  return Array.from({length: m * n}, (_, ij) => {
    const i = Math.floor(ij / n);
    const j = ij % n;
    return sum(Array.from({length: k}, (_, l) => a[i * k + l]! * b[l * n + j]!));
  });
}

/** Valid convolution of one [h, w] image with one [f, f] filter. */
function convolve(x: number[], w: number[], width: number, f: number): number[] {
  const out = width - f + 1;
  return Array.from({length: out * out}, (_, ij) => {
    const i = Math.floor(ij / out);
    const j = ij % out;
    return sum(w.map((v, l) => v * x[(i + Math.floor(l / f)) * width + j + (l % f)]!));
  });
}

/** f over the [size, size] windows of one square image. */
function pool(x: number[], width: number, size: number, stride: number, f: (window: number[]) => number): number[] {
  const out = Math.floor((width - size) / stride) + 1;
  return Array.from({length: out * out}, (_, ij) => {
    const top = Math.floor(ij / out) * stride;
    const left = (ij % out) * stride;
    return f(Array.from({length: size * size}, (_, l) => x[(top + Math.floor(l / size)) * width + left + (l % size)]!));
  });
}

const grid = (n: number) => Array.from({length: n}, (_, i) => Math.sin(1 + 1.7 * i));
const halves = [0.6, 1.2, -0.4, 0.9, 0.3, 1.1];
const positiveHalves = [0.6, 1.2, 0.4, 0.9, 1.3, 2.1];

/** Operations that act on each element alone. */
export const elementwiseCases: Case[] = [
  elementwise('exp', mixed, tf.exp, Math.exp),
  elementwise(
    'x·exp',
    mixed,
    x => tf.mul(x, tf.exp(x)),
    x => x * Math.exp(x),
  ),
  elementwise('expm1', mixed, tf.expm1, Math.expm1),
  elementwise('tanh', mixed, tf.tanh, Math.tanh),
  elementwise('sigmoid', mixed, tf.sigmoid, sigmoid),
  elementwise('logSigmoid', mixed, tf.logSigmoid, x => -softplus(-x)),
  elementwise('softplus', mixed, tf.softplus, softplus),
  elementwise('elu', mixed, tf.elu, x => (x > 0 ? x : Math.expm1(x))),
  elementwise('selu', mixed, tf.selu, x => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x))),
  elementwise(
    'relu·x²',
    mixed,
    x => tf.mul(tf.square(x), tf.relu(x)),
    x => x * x * Math.max(x, 0),
  ),
  elementwise(
    'relu6³',
    [-1, 2, 5, 7],
    x => tf.pow(tf.relu6(x), 3),
    x => Math.min(Math.max(x, 0), 6) ** 3,
  ),
  elementwise(
    'leakyRelu³',
    mixed,
    x => tf.pow(tf.leakyRelu(x, 0.3), 3),
    x => (x > 0 ? x : 0.3 * x) ** 3,
  ),
  elementwise(
    'clip³',
    [-2, -0.5, 0.4, 1.9],
    x => tf.pow(tf.clipByValue(x, -1, 1), 3),
    x => Math.min(Math.max(x, -1), 1) ** 3,
  ),
  elementwise(
    'abs³',
    mixed,
    x => tf.pow(tf.abs(x), 3),
    x => Math.abs(x) ** 3,
  ),
  elementwise(
    'square',
    mixed,
    x => tf.square(tf.square(x)),
    x => x ** 4,
  ),
  elementwise('sqrt', positive, tf.sqrt, Math.sqrt),
  elementwise('rsqrt', positive, tf.rsqrt, x => 1 / Math.sqrt(x)),
  elementwise('reciprocal', positive, tf.reciprocal, x => 1 / x),
  elementwise(
    'pow 3',
    mixed,
    x => tf.pow(x, 3),
    x => x ** 3,
  ),
  elementwise(
    'pow 2.5',
    positive,
    x => tf.pow(x, 2.5),
    x => x ** 2.5,
  ),
  elementwise(
    '2 to the power',
    mixed,
    x => tf.pow(2, x),
    x => 2 ** x,
  ),
  elementwise('log', positive, tf.log, Math.log),
  elementwise('log1p', positive, tf.log1p, Math.log1p),
  elementwise('erf', mixed, tf.erf, erf),
  elementwise('sin', mixed, tf.sin, Math.sin),
  elementwise('cos', mixed, tf.cos, Math.cos),
  elementwise('tan', unit, tf.tan, Math.tan),
  elementwise('sinh', mixed, tf.sinh, Math.sinh),
  elementwise('cosh', mixed, tf.cosh, Math.cosh),
  elementwise('atan', mixed, tf.atan, Math.atan),
  elementwise('asin', unit, tf.asin, Math.asin),
  elementwise('acos', unit, tf.acos, Math.acos),
  elementwise('asinh', mixed, tf.asinh, Math.asinh),
  elementwise('acosh', [1.4, 1.9, 2.2, 3], tf.acosh, Math.acosh),
  elementwise('atanh', unit, tf.atanh, Math.atanh),
  elementwise(
    'maximum with a number',
    mixed,
    x => tf.pow(tf.maximum(x, 0.1), 3),
    x => Math.max(x, 0.1) ** 3,
  ),
  elementwise(
    'minimum with a number',
    mixed,
    x => tf.pow(tf.minimum(x, 0.1), 3),
    x => Math.min(x, 0.1) ** 3,
  ),
  elementwise(
    'where greater',
    mixed,
    x => tf.where(tf.greater(x, 0), tf.exp(x), tf.sin(x)),
    x => (x > 0 ? Math.exp(x) : Math.sin(x)),
  ),
  elementwise(
    'where greaterEqual',
    mixed,
    x => tf.where(tf.greaterEqual(x, 0), tf.exp(x), tf.sin(x)),
    x => (x >= 0 ? Math.exp(x) : Math.sin(x)),
  ),
  elementwise(
    'where less and not',
    mixed,
    x => tf.where(tf.logicalAnd(tf.less(x, 1), tf.logicalNot(tf.lessEqual(x, -1))), tf.exp(x), x),
    x => (x < 1 && x > -1 ? Math.exp(x) : x),
  ),
  elementwise(
    'where equal or notEqual',
    mixed,
    x => tf.where(tf.logicalOr(tf.equal(x, 0), tf.notEqual(x, x)), x, tf.exp(x)),
    Math.exp,
  ),
  elementwise(
    'cast greater',
    mixed,
    x => tf.mul(tf.square(x), tf.cast(tf.greater(x, 0), 'float32')),
    x => (x > 0 ? x * x : 0),
  ),
  elementwise(
    'step',
    mixed,
    x => tf.mul(tf.exp(x), tf.step(x)),
    x => (x > 0 ? Math.exp(x) : 0),
  ),
  elementwise(
    'floor',
    mixed,
    x => tf.mul(tf.exp(x), tf.floor(x)),
    x => Math.exp(x) * Math.floor(x),
  ),
  elementwise('clone', mixed, x => tf.exp(tf.clone(x)), Math.exp),
  elementwise(
    'a deep chain',
    mixed,
    x => tf.tanh(tf.exp(tf.sigmoid(tf.elu(tf.tanh(x))))),
    x => {
      const t = Math.tanh(x);
      return Math.tanh(Math.exp(sigmoid(t > 0 ? t : Math.expm1(t))));
    },
  ),
];

/** Operations over an axis. */
export const reductionCases: Case[] = [
  rowwise('softmax', 3, x => tf.softmax(x), softmax),
  {
    name: 'softmax of rank 3',
    at: grid(8),
    op: x => tf.softmax(tf.reshape(x, [2, 2, 2])),
    reference: x => rows(x, 2).flatMap(softmax),
  },
  rowwise(
    'logSoftmax',
    3,
    x => tf.logSoftmax(x),
    r => r.map(v => v - logSumExp(r)),
  ),
  rowwise(
    'logSoftmax of a chain, in a tidy',
    3,
    x => tf.square(tf.tidy(() => tf.logSoftmax(tf.mul(x, x)))),
    r => r.map(v => (v * v - logSumExp(r.map(u => u * u))) ** 2),
  ),
  rowwise(
    'softmaxCrossEntropy',
    3,
    x =>
      tf.losses.softmaxCrossEntropy(
        tf.tensor2d([0.2, 0.5, 0.3, 0.2, 0.5, 0.3], [2, 3]),
        x,
        undefined,
        0,
        tf.Reduction.NONE,
      ),
    r => [logSumExp(r) - 0.2 * r[0]! - 0.5 * r[1]! - 0.3 * r[2]!],
  ),
  rowwise(
    'logSumExp',
    3,
    x => tf.logSumExp(x, 1),
    r => [logSumExp(r)],
  ),
  rowwise(
    'logSumExp, axis kept',
    2,
    x => tf.logSumExp(x, -1, true),
    r => [logSumExp(r)],
  ),
  rowwise(
    'max³',
    3,
    x => tf.pow(tf.max(x, 1), 3),
    r => [Math.max(...r) ** 3],
  ),
  rowwise(
    'min³',
    3,
    x => tf.pow(tf.min(x, -1, true), 3),
    r => [Math.min(...r) ** 3],
  ),
  {name: 'max of all', at: mixed, op: x => tf.exp(tf.max(x)), reference: x => [Math.exp(Math.max(...x))]},
  rowwise(
    'prod',
    3,
    x => tf.prod(x, 1),
    r => [r.reduce((a, b) => a * b, 1)],
  ),
  {
    name: 'prod over a first axis, axis kept',
    at: [-0.7, 0.4, 1.3, 0.2, -1.1, 0.9],
    op: x => tf.prod(tf.reshape(x, [3, 2]), 0, true),
    reference: x => [x[0]! * x[2]! * x[4]!, x[1]! * x[3]! * x[5]!],
  },
  {
    name: 'prod of all, one of them 0',
    at: [0.5, 0, -1.5, 2],
    op: x => tf.prod(x),
    reference: x => [x.reduce((a, b) => a * b, 1)],
  },
  rowwise(
    'sum³',
    2,
    x => tf.pow(tf.sum(x, 1), 3),
    r => [sum(r) ** 3],
  ),
  rowwise(
    'mean³',
    2,
    x => tf.pow(tf.mean(x, 1, true), 3),
    r => [(sum(r) / 2) ** 3],
  ),
  rowwise(
    'cumsum³',
    3,
    x => tf.pow(tf.cumsum(x, 1), 3),
    r => r.map((_, i) => sum(r.slice(0, i + 1)) ** 3),
  ),
  rowwise(
    'norm',
    3,
    x => tf.norm(x, 2, 1),
    r => [Math.sqrt(sum(r.map(v => v * v)))],
  ),
  rowwise(
    'moments',
    3,
    x => tf.square(tf.moments(x, 1).variance),
    r => [(sum(r.map(v => (v - sum(r) / 3) ** 2)) / 3) ** 2],
  ),
];

/** Operations that move elements and change none. */
export const rearrangeCases: Case[] = [
  rearrange('reshape', [2, 3], x => tf.reshape(x, [3, 2])),
  rearrange('transpose', [2, 3], x => tf.transpose(x)),
  rearrange('transpose of rank 3', [2, 2, 2], x => tf.transpose(x, [2, 0, 1])),
  rearrange('concat', [2, 2], x => tf.concat([x, tf.zeros([2, 1]), x], 1)),
  rearrange('stack', [3], x => tf.stack([x, x], 1)),
  rearrange('unstack', [2, 3], x => tf.unstack(x, 0)[1]!),
  rearrange('split into one', [1, 3], x => tf.split(x, 1, 0)[0]!),
  rearrange('split', [4, 2], x => {
    const [a, b] = tf.split(x, 2, 0);
    return tf.concat([b!, a!], 1);
  }),
  rearrange('slice', [3, 2], x => tf.slice(x, [1, 0], [2, 1])),
  rearrange('gather', [3, 2], x => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'))),
  rearrange('gather along axis 1', [2, 3], x => tf.gather(x, tf.tensor1d([2, 0], 'int32'), 1)),
  rearrange('pad', [2, 2], x =>
    tf.pad(x as tf.Tensor2D, [
      [1, 0],
      [0, 2],
    ]),
  ),
  rearrange('mirrorPad', [2, 2], x =>
    tf.slice(
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [0, 0],
        ],
        'reflect',
      ),
      [0, 0],
      [1, 2],
    ),
  ),
  rearrange('tile', [2, 2], x => tf.tile(x, [2, 3])),
  rearrange('tile of rank 3', [2, 1, 2], x => tf.tile(x, [1, 3, 2])),
  rearrange('broadcastTo', [1, 2], x => tf.broadcastTo(x, [3, 2])),
  rearrange('expandDims', [2, 2], x => tf.expandDims(x, 1)),
  rearrange('reverse', [2, 2], x => tf.reverse(x, 0)),
];

/** Operations with several inputs. */
export const binaryCases: Case[] = [
  binary(
    'add and mul',
    halves,
    (a, b) => tf.mul(tf.mul(tf.add(a, b), a), b),
    (a, b) => (a + b) * a * b,
  ),
  binary(
    'sub and div',
    positiveHalves,
    (a, b) => tf.div(tf.sub(a, b), b),
    (a, b) => (a - b) / b,
  ),
  binary('pow', positiveHalves, tf.pow, (a, b) => a ** b),
  binary(
    'squaredDifference',
    halves,
    (a, b) => tf.square(tf.squaredDifference(a, b)),
    (a, b) => (a - b) ** 4,
  ),
  binary(
    'maximum',
    halves,
    (a, b) => tf.pow(tf.maximum(a, b), 3),
    (a, b) => Math.max(a, b) ** 3,
  ),
  binary(
    'minimum',
    halves,
    (a, b) => tf.pow(tf.minimum(a, b), 3),
    (a, b) => Math.min(a, b) ** 3,
  ),
  binary('atan2', positiveHalves, tf.atan2, Math.atan2),
  binary(
    'prelu',
    [-0.6, 1.2, -0.4, 0.9, 1.3, 0.1],
    (a, b) => tf.pow(tf.prelu(a, b), 3),
    (a, b) => (a > 0 ? a : a * b) ** 3,
  ),
  {
    name: 'broadcast maximum, minimum and squaredDifference',
    at: grid(8),
    op: x => {
      const a = matrix(x, 0, [3, 2]);
      const b = tf.slice(x, [6], [2]);
      return tf.mul(tf.mul(tf.maximum(a, b), tf.minimum(b, a)), tf.squaredDifference(b, a));
    },
    reference: x =>
      x
        .slice(0, 6)
        .map((a, i) => Math.max(a, x[6 + (i % 2)]!) * Math.min(a, x[6 + (i % 2)]!) * (a - x[6 + (i % 2)]!) ** 2),
  },
  {
    name: 'prelu with a shared slope',
    at: [-0.6, 1.2, -0.4, 0.9, 1.3, -0.2, 0.3],
    op: x => tf.pow(tf.prelu<tf.Tensor>(matrix(x, 0, [3, 2]), tf.slice(x, [6], [1])), 3),
    reference: x => x.slice(0, 6).map(a => (a > 0 ? a : a * x[6]!) ** 3),
  },
  {
    name: 'matMul',
    at: grid(10),
    op: x => tf.pow(tf.matMul(matrix(x, 0, [3, 2]), matrix(x, 6, [2, 2])), 3),
    reference: x => matMul(x.slice(0, 6), x.slice(6), 3, 2, 2).map(v => v ** 3),
  },
  {
    name: 'matMul, both transposed',
    at: grid(10),
    op: x => tf.pow(tf.matMul(tf.transpose(matrix(x, 0, [3, 2])), tf.transpose(matrix(x, 6, [2, 2])), true, true), 3),
    reference: x => matMul(x.slice(0, 6), x.slice(6), 3, 2, 2).map(v => v ** 3),
  },
  {
    name: 'fused matMul, linear, with bias',
    at: grid(12),
    op: x =>
      tf.pow(
        tf.fused.matMul({
          a: matrix(x, 0, [3, 2]),
          b: matrix(x, 6, [2, 2]),
          bias: tf.slice(x, [10], [2]),
          activation: 'linear',
        }),
        3,
      ),
    reference: x => matMul(x.slice(0, 6), x.slice(6, 10), 3, 2, 2).map((v, i) => (v + x[10 + (i % 2)]!) ** 3),
  },
  {
    name: 'fused matMul, sigmoid',
    at: grid(10),
    op: x => tf.fused.matMul({a: matrix(x, 0, [3, 2]), b: matrix(x, 6, [2, 2]), activation: 'sigmoid'}),
    reference: x => matMul(x.slice(0, 6), x.slice(6), 3, 2, 2).map(sigmoid),
  },
  {
    name: 'batchNorm',
    at: [-0.7, 0.4, 1.3, 0.2, 0.3, -0.2, 1.1, 0.8, 1.2, 0.7, 0.1, -0.4],
    op: x =>
      tf.batchNorm(
        tf.reshape(tf.slice(x, [0], [4]), [2, 2]),
        tf.slice1d(x, 4, 2),
        tf.slice1d(x, 6, 2),
        tf.slice1d(x, 8, 2),
        tf.slice1d(x, 10, 2),
        0.01,
      ),
    reference: x =>
      x.slice(0, 4).map((v, i) => {
        const j = i % 2;
        return ((v - x[4 + j]!) / Math.sqrt(x[6 + j]! + 0.01)) * x[10 + j]! + x[8 + j]!;
      }),
  },
  {
    name: 'conv2d',
    at: grid(20),
    lacking: ['wasm'],
    op: x => tf.square(tf.conv2d(image(x), filter(x), 1, 'valid')),
    reference: x => convolve(x.slice(0, 16), x.slice(16), 4, 2).map(v => v * v),
  },
  {
    name: 'conv2d with constant filter',
    at: grid(16),
    op: x => tf.pow(tf.conv2d(image(x), tf.tensor4d([0.3, -1, 0.7, 0.2], [2, 2, 1, 1]), 1, 'valid'), 3),
    reference: x => convolve(x, [0.3, -1, 0.7, 0.2], 4, 2).map(v => v ** 3),
  },
  {
    name: 'depthwiseConv2d',
    at: grid(20),
    lacking: ['wasm'],
    op: x => tf.square(tf.depthwiseConv2d(image(x), filter(x), 1, 'valid')),
    reference: x => convolve(x.slice(0, 16), x.slice(16), 4, 2).map(v => v * v),
  },
  {
    name: 'avgPool',
    at: grid(16),
    op: x => tf.pow(tf.avgPool(image(x), 2, 1, 'valid'), 3),
    reference: x => pool(x, 4, 2, 1, w => sum(w) / 4).map(v => v ** 3),
  },
  {
    name: 'maxPool',
    at: grid(16),
    op: x => tf.pow(tf.maxPool(image(x), 2, 2, 'valid'), 3),
    reference: x => pool(x, 4, 2, 2, w => Math.max(...w)).map(v => v ** 3),
  },
  {
    name: 'maxPool with overlap',
    at: grid(16),
    op: x => tf.pow(tf.maxPool(image(x), 2, 1, 'valid'), 3),
    reference: x => pool(x, 4, 2, 1, w => Math.max(...w)).map(v => v ** 3),
  },
];

export const cases: Case[] = [
  ...elementwiseCases,
  ...reductionCases,
  ...rearrangeCases,
  ...binaryCases,
  ...equalSizeCases,
];
