/**
 * Kernels whose tfjs gradient, or which themselves, go wrong in silence: along axes that are not the last, at margins,
 * where operands broadcast. Sizes are equal where that hides it.
 */
import * as tf from '@tensorflow/tfjs';
import type {Case} from './derivatives.js';

const grid = (n: number) => Array.from({length: n}, (_, i) => Math.sin(1 + 1.7 * i));
const sum = (x: number[]) => x.reduce((a, b) => a + b, 0);
const range = (n: number) => [...Array(n).keys()];
const part = (x: tf.Tensor, from: number, shape: number[]): tf.Tensor =>
  tf.reshape(tf.slice(x, [from], [shape.reduce((a, b) => a * b, 1)]), shape);

/** Cumulative sums along an axis of a cube. */
function cumsum(axis: number, exclusive: boolean, reverse: boolean): Case {
  const n = 2;
  const strides = [n * n, n, 1];
  return {
    name: `cumsum along axis ${axis} of a cube${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
    at: grid(n ** 3),
    op: x => tf.pow(tf.cumsum(part(x, 0, [n, n, n]), axis, exclusive, reverse), 3),
    reference: x =>
      x.map((_, i) => {
        const at = Math.floor(i / strides[axis]!) % n;
        const taken = range(n).filter(j => (reverse ? j > at : j < at) || (!exclusive && j === at));
        return sum(taken.map(j => x[i + (j - at) * strides[axis]!]!)) ** 3;
      }),
  };
}

/** Products of [2, 2] matrices in batches of the given shapes. */
function product(a: number[], b: number[], transposeA: boolean, transposeB: boolean): Case {
  const rank = Math.max(a.length, b.length);
  const pad = (s: number[]) => [...new Array<number>(rank - s.length).fill(1), ...s];
  const [pa, pb] = [pad(a), pad(b)];
  const full = pa.map((d, i) => Math.max(d, pb[i]!));
  const size = (s: number[]) => s.reduce((m, d) => m * d, 1);
  const place = (s: number[], c: number[]) => s.reduce((at, d, i) => at * d + (d === 1 ? 0 : c[i]!), 0);
  const from = 4 * size(a);
  const element = (x: number[], start: number, row: number, column: number, isTurned: boolean) =>
    x[start + (isTurned ? 2 * column + row : 2 * row + column)]!;
  return {
    name: `matMul of batches [${a.join()}] and [${b.join()}]${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
    at: grid(from + 4 * size(b)),
    op: x => tf.square(tf.matMul(part(x, 0, [...a, 2, 2]), part(x, from, [...b, 2, 2]), transposeA, transposeB)),
    reference: x =>
      range(size(full)).flatMap(i => {
        const c = full.map((d, axis) => Math.floor(i / size(full.slice(axis + 1))) % d);
        const [startA, startB] = [4 * place(pa, c), from + 4 * place(pb, c)];
        return range(4).map(
          k =>
            sum(
              range(2).map(
                j => element(x, startA, Math.floor(k / 2), j, transposeA) * element(x, startB, j, k % 2, transposeB),
              ),
            ) ** 2,
        );
      }),
  };
}

/** The means of windows of 3 with the margins of `same`, over a line of pixels. */
function avgPool(name: string, shape: number[], pool: (x: tf.Tensor) => tf.Tensor): Case {
  return {
    name,
    at: grid(4),
    op: x => tf.pow(pool(tf.reshape(x, shape)), 3),
    reference: x =>
      x.map((_, i) => {
        const inside = x.slice(Math.max(0, i - 1), i + 2);
        return (sum(inside) / inside.length) ** 3;
      }),
  };
}

/** What moves elements: the reference reads from places that are written out. */
function moved(name: string, n: number, places: number[], op: (x: tf.Tensor) => tf.Tensor): Case {
  return {name, at: grid(n), op: x => tf.pow(op(x), 3), reference: x => places.map(i => x[i]! ** 3)};
}

export const equalSizeCases: Case[] = [
  ...[0, 1, 2].flatMap(axis => [cumsum(axis, false, false), cumsum(axis, true, true)]),
  ...[
    [[2], []],
    [[], [2]],
    [
      [2, 1],
      [1, 2],
    ],
    [
      [2, 2],
      [2, 1],
    ],
    [
      [1, 2],
      [2, 1],
    ],
    [[2, 1], [2]],
    [[2, 2], [2]],
  ].map(([a, b]) => product(a!, b!, false, false)),
  product([2, 1], [1, 2], true, false),
  product([2, 1], [1, 2], false, true),
  product([2, 1], [2, 2], true, true),
  avgPool('avgPool with margins', [1, 1, 4, 1], x => tf.avgPool(x as tf.Tensor4D, [1, 3], 1, 'same')),
  {
    ...avgPool('avgPool3d with margins', [1, 1, 1, 4, 1], x => tf.avgPool3d(x as tf.Tensor5D, [1, 1, 3], 1, 'same')),
    lacking: ['webgpu'],
  },
  moved('mirrorPad by reflection', 3, [2, 1, 0, 1, 2, 1], x => tf.mirrorPad(x, [[2, 1]], 'reflect')),
  moved('mirrorPad with the margin', 4, [1, 0, 0, 1, 1, 3, 2, 2, 3, 3], x =>
    tf.mirrorPad(
      part(x, 0, [2, 2]),
      [
        [0, 0],
        [2, 1],
      ],
      'symmetric',
    ),
  ),
  moved('resizeNearestNeighbor by 5/3', 3, [0, 0, 1, 1, 2], x =>
    tf.image.resizeNearestNeighbor(tf.reshape<tf.Rank.R4>(x, [1, 3, 1, 1]), [5, 1]),
  ),
  {
    name: 'resizeBilinear of an oblong',
    at: grid(6),
    op: x => tf.pow(tf.image.resizeBilinear(tf.reshape<tf.Rank.R4>(x, [1, 2, 3, 1]), [3, 3], true), 3),
    reference: x => [...x.slice(0, 3), ...range(3).map(i => (x[i]! + x[3 + i]!) / 2), ...x.slice(3)].map(v => v ** 3),
  },
  moved('gather with two batch axes', 8, [1, 1, 2, 3, 5, 4, 7, 7], x =>
    tf.gather(part(x, 0, [2, 2, 2]), tf.tensor3d([1, 1, 0, 1, 1, 0, 1, 1], [2, 2, 2], 'int32'), 2, 2),
  ),
  moved('gather with one batch axis and one between', 8, [1, 1, 3, 3, 4, 5, 6, 7], x =>
    tf.gather(part(x, 0, [2, 2, 2]), tf.tensor2d([1, 1, 0, 1], [2, 2], 'int32'), 2, 1),
  ),
  {
    name: 'prelu of a row with a column of slopes',
    at: [-0.6, 1.2, 0.9, -1.3],
    op: x => tf.pow(tf.prelu(part(x, 0, [1, 2]), part(x, 2, [2, 1])), 3),
    reference: x => range(4).map(i => (x[i % 2]! > 0 ? x[i % 2]! : x[i % 2]! * x[2 + Math.floor(i / 2)]!) ** 3),
  },
  {
    name: 'floorDiv',
    at: [6, -2.2, 0.4, 1.7, 1.5, 1.5],
    op: x => tf.mul(tf.square(part(x, 0, [3])), tf.floorDiv(part(x, 0, [3]), part(x, 3, [3]))),
    reference: x => range(3).map(i => x[i]! ** 2 * Math.floor(x[i]! / x[3 + i]!)),
  },
  {
    name: 'maxPool of negative numbers with overlap',
    at: grid(12).map(v => v - 2),
    op: x => tf.pow(tf.maxPool(tf.reshape<tf.Rank.R4>(x, [1, 1, 4, 3]), [1, 2], 1, 'same'), 3),
    reference: x => x.map((v, i) => Math.max(v, i < 9 ? x[i + 3]! : v) ** 3),
  },
];
