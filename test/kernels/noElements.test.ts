import * as tf from '@tensorflow/tfjs';
import '../../src/kernels/complete.js';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';

/** Frees memory that holds other numbers, for the results to be made in. */
function dirtyMemory(): void {
  tf.dispose(Array.from({length: 40}, (_, i) => tf.fill([1 + 16 * i], 99)));
}

const values = async (x: tf.Tensor) => ({shape: x.shape, dtype: x.dtype, values: (await x.data()).join(' ')});

describeBackends('tensors without elements', () => {
  beforeEach(() => ensureKernels());

  const reductions: Record<string, {of: (x: tf.Tensor, axis?: number) => tf.Tensor; neutral: number}> = {
    sum: {of: (x, axis) => tf.sum(x, axis), neutral: 0},
    mean: {of: (x, axis) => tf.mean(x, axis), neutral: 0},
    prod: {of: (x, axis) => tf.prod(x, axis), neutral: 1},
    max: {of: (x, axis) => tf.max(x, axis), neutral: -Infinity},
    min: {of: (x, axis) => tf.min(x, axis), neutral: Infinity},
    logSumExp: {of: (x, axis) => tf.logSumExp(x, axis), neutral: -Infinity},
    all: {of: (x, axis) => tf.all(tf.cast(x, 'bool'), axis), neutral: 1},
    any: {of: (x, axis) => tf.any(tf.cast(x, 'bool'), axis), neutral: 0},
  };
  for (const [name, {of, neutral}] of Object.entries(reductions)) {
    it(`${name} is ${neutral} over them`, async () => {
      for (const [shape, axis, left] of [
        [[0], undefined, []],
        [[0, 40], 0, [40]],
        [[3, 0], 1, [3]],
        [[2, 0, 30], 1, [2, 30]],
        [[0, 3], 1, [0]],
      ] as const) {
        const x = tf.zeros([...shape]);
        dirtyMemory();
        const y = of(x, axis);
        const size = left.reduce((n: number, d) => n * d, 1);
        expect(await values(y))
          .withContext(JSON.stringify(shape))
          .toEqual({
            shape: [...left],
            dtype: name === 'all' || name === 'any' ? 'bool' : 'float32',
            values: new Array<number>(size).fill(neutral).join(' '),
          });
        tf.dispose([x, y]);
      }
    });
  }

  it('keeps whole numbers whole, and the axes that are to be kept', async () => {
    const x = tf.zeros([0, 2], 'int32');
    dirtyMemory();
    const y = tf.sum(x, 0, true);
    expect(await values(y)).toEqual({shape: [1, 2], dtype: 'int32', values: '0 0'});
    tf.dispose([x, y]);
  });

  it('makes zeros of products over no terms, to which bias and activation are applied', async () => {
    for (const [a, b, left, [transposeA, transposeB]] of [
      [
        [20, 0],
        [0, 30],
        [20, 30],
        [false, false],
      ],
      [
        [0, 20],
        [0, 30],
        [20, 30],
        [true, false],
      ],
      [
        [20, 0],
        [30, 0],
        [20, 30],
        [false, true],
      ],
      [
        [2, 5, 0],
        [1, 0, 4],
        [2, 5, 4],
        [false, false],
      ],
      [
        [0, 3, 20],
        [1, 20, 30],
        [0, 3, 30],
        [false, false],
      ],
      [
        [0, 20],
        [20, 30],
        [0, 30],
        [false, false],
      ],
    ] as const) {
      const [x, y] = [tf.zeros([...a]), tf.zeros([...b])];
      dirtyMemory();
      const product = tf.matMul(x, y, transposeA, transposeB);
      const size = left.reduce((n: number, d) => n * d, 1);
      expect(await values(product))
        .withContext(JSON.stringify([a, b]))
        .toEqual({shape: [...left], dtype: 'float32', values: new Array<number>(size).fill(0).join(' ')});
      tf.dispose([x, y, product]);
    }
    const [x, y, bias] = [tf.zeros<tf.Rank.R2>([2, 0]), tf.zeros<tf.Rank.R2>([0, 3]), tf.tensor1d([-1, 0.5, 2])];
    dirtyMemory();
    const fused = tf.fused.matMul({a: x, b: y, bias, activation: 'relu'});
    expect((await values(fused)).values).toBe('0 0.5 2 0 0.5 2');
    tf.dispose([x, y, bias, fused]);
  });

  it('chooses nothing by a condition that has elements, and writes nowhere', async () => {
    const condition = tf.ones([1, 300], 'bool');
    const empty = tf.zeros([0, 300]);
    for (let i = 0; i < 4; i++) {
      // neighbours of every small size, with room between them
      const around = Array.from({length: 80}, (_, k) => tf.fill([1 + (k % 20)], 7));
      tf.dispose(around.filter((_, k) => k % 4 === 0));
      const chosen = tf.where(condition, empty, empty);
      expect(await values(chosen)).toEqual({shape: [0, 300], dtype: 'float32', values: ''});
      for (const x of around.filter((_, k) => k % 4 !== 0)) {
        expect(Array.from(await x.data()).every(v => v === 7)).toBe(true);
        x.dispose();
      }
      chosen.dispose();
    }
    tf.dispose([condition, empty]);
  });

  it('takes the shape of what has no elements, however the others broadcast to it', async () => {
    const [none, some] = [tf.zeros([0, 300]), tf.fill([1, 300], 5)];
    const condition = tf.zeros([0, 300], 'bool');
    for (const [name, of] of Object.entries({
      'a condition': () => tf.where(condition, some, some),
      'a value': () => tf.where(tf.cast(some, 'bool'), none, some),
      'the slope of prelu': () => tf.prelu(some, none),
      'rows of an empty table': () => tf.gather(none, tf.zeros([0], 'int32')),
      'columns of one': () => tf.gather(none, tf.zeros([300], 'int32'), 1),
    })) {
      const out = tf.tidy(of);
      expect(await values(out))
        .withContext(name)
        .toEqual({shape: [0, 300], dtype: 'float32', values: ''});
      out.dispose();
    }
    tf.dispose([none, some, condition]);
  });

  it('scatters no rows', async () => {
    const [rows, indices, ids, table] = [
      tf.zeros([0, 40]),
      tf.zeros([0, 1], 'int32'),
      tf.zeros<tf.Rank.R1>([0], 'int32'),
      tf.fill([5, 40], 3),
    ];
    for (const [name, of, value] of [
      ['scatterND', () => tf.scatterND(indices, rows, [5, 40]), 0],
      ['unsortedSegmentSum', () => tf.unsortedSegmentSum(rows, ids, 5), 0],
      ['tensorScatterUpdate', () => tf.tensorScatterUpdate(table, indices, rows), 3],
      ['the gradient of gather', () => tf.grad(x => tf.sum(tf.gather(x, ids)))(table), 0],
    ] as const) {
      dirtyMemory();
      const out = tf.tidy(of);
      expect(await values(out))
        .withContext(name)
        .toEqual({shape: [5, 40], dtype: 'float32', values: new Array<number>(200).fill(value).join(' ')});
      out.dispose();
    }
    expect((await table.data())[0]).toBe(3);
    tf.dispose([rows, indices, ids, table]);
  });

  it('has the gradients of an empty batch: zeros for what all of it shares', async () => {
    const [x, w, b] = [tf.zeros<tf.Rank.R2>([0, 4]), tf.ones<tf.Rank.R2>([4, 3]), tf.ones([3])];
    dirtyMemory();
    const grads = tf.grads(
      (weights: tf.Tensor, bias: tf.Tensor) => tf.sum(tf.square(tf.add(tf.matMul(x, weights as tf.Tensor2D), bias))), // a matrix, as given
    )([w, b]);
    for (const g of grads) expect(Array.from(await g.data()).every(v => v === 0)).toBe(true);
    tf.dispose([x, w, b, ...grads]);
  });
});
