import * as tf from '@tensorflow/tfjs';
import {ensureKernels} from '../../src/kernels/index.js';
import {describeBackends} from '../helpers/backends.js';

/** Kernels that tfjs has wrong on one backend in silence, each against values that are written out. */
describeBackends('kernels of any backend', () => {
  beforeEach(() => ensureKernels());

  const given = [-1, 2, 0.5, 0, 3, -2.2];
  const x = () => tf.tensor1d(given);
  const square = (n: number) =>
    tf.tensor2d(
      Array.from({length: n * n}, (_, i) => (i % 5) + 1),
      [n, n],
    );

  const expectValues = async (make: () => tf.Tensor, shape: number[], values: readonly number[]) => {
    // Again and again: what writes past the end of its output is seen by what comes after it.
    for (let i = 0; i < 3; i++) {
      const y = tf.tidy(() => tf.cast(make(), 'float32'));
      expect(y.shape).toEqual(shape);
      expect(Array.from(await y.data(), v => +v.toFixed(4))).toEqual([...values]);
      y.dispose();
    }
  };

  it('cast what is not 0 to true', () => expectValues(() => tf.cast(x(), 'bool'), [6], [1, 1, 1, 0, 1, 1]));
  it('cast whole numbers to truth values', () =>
    expectValues(() => tf.cast(tf.tensor1d([0, 2, 256], 'int32'), 'bool'), [3], [0, 1, 1]));
  it('choose between truth values', () =>
    expectValues(() => tf.where(tf.greater(x(), 0), tf.greater(x(), 1), tf.less(x(), -1)), [6], [0, 1, 0, 0, 1, 1]));
  it('reverse truth values', () => expectValues(() => tf.reverse(tf.greater(x(), 0)), [6], [0, 1, 0, 1, 1, 0]));
  it('take every second truth value', () =>
    expectValues(() => tf.stridedSlice(tf.greater(x(), 0), [0], [6], [2]), [3], [0, 1, 1]));

  it('transpose whole numbers of three axes', () =>
    expectValues(
      () => tf.transpose(tf.add(tf.reshape(tf.range(0, 8, 1, 'int32'), [2, 2, 2]), tf.scalar(1, 'int32')), [2, 0, 1]),
      [2, 2, 2],
      [1, 3, 5, 7, 2, 4, 6, 8],
    ));

  it('find the place of the largest and smallest of a vector', async () => {
    await expectValues(() => tf.argMax(x()), [], [4]);
    await expectValues(() => tf.argMin(x()), [], [5]);
  });

  it('keep the axis of a product', async () => {
    await expectValues(() => tf.prod(square(2), 0, true), [1, 2], [3, 8]);
    await expectValues(() => tf.prod(square(2), 1, true), [2, 1], [2, 12]);
  });

  it('find the smallest of large numbers', async () => {
    const y = tf.tidy(() =>
      tf.min(
        tf.mul(
          tf.tensor2d([
            [3, 2],
            [5, 7],
          ]),
          1e25,
        ),
        1,
      ),
    );
    expect(Array.from(await y.data(), v => Math.round(v / 1e24))).toEqual([20, 50]);
    y.dispose();
  });

  it('divide to whole numbers from any', () =>
    expectValues(() => tf.floorDiv(tf.tensor1d([-2.2, 5.5, 0.4]), tf.tensor1d([1.5, 0.7, 0.6])), [3], [-2, 7, 0]));

  // One length after the other: a program that is kept must know for which it was made.
  for (const n of [2, 3, 5]) {
    for (const exclusive of [false, true]) {
      it(`add and multiply up ${n} from the end${exclusive ? ', each without itself' : ''}`, async () => {
        const row = Array.from({length: n}, (_, i) => i + 1);
        const after = (i: number) => row.slice(exclusive ? i + 1 : i);
        await expectValues(
          () => tf.cumsum(tf.tensor1d(row), 0, exclusive, true),
          [n],
          row.map((_, i) => after(i).reduce((a, b) => a + b, 0)),
        );
        await expectValues(
          () => tf.cumprod(tf.tensor1d(row), 0, exclusive, true),
          [n],
          row.map((_, i) => after(i).reduce((a, b) => a * b, 1)),
        );
      });
    }
  }

  it('leave nothing behind', () => {
    const before = tf.memory().numDataBuffers;
    tf.tidy(() => {
      tf.where(tf.greater(x(), 0), tf.greater(x(), 1), tf.cast(x(), 'bool'));
      tf.reverse(tf.cast(x(), 'bool'));
      tf.cumsum(x(), 0, true, true);
      tf.min(x());
      tf.floorDiv(x(), 2);
      tf.matMul(tf.ones([2, 1, 2, 2]), tf.ones([2, 2, 2]));
      tf.argMax(x());
    });
    expect(tf.memory().numDataBuffers).toBe(before);
  });
});
