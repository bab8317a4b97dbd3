import * as tf from '@tensorflow/tfjs';
import {ensureKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends('gather', () => {
  beforeEach(() => ensureKernels());

  /** The shape of x, that of the indices, the axis, and how many axes both have in common. */
  const cases: ReadonlyArray<readonly [number[], number[], number, number]> = [
    [[3, 4], [3, 2], 1, 1],
    [[2, 5], [2, 3], 1, 1],
    [[4, 3], [4, 1], 1, 1],
    [[4, 3], [4], 1, 1],
    [[1, 3], [1, 5], 1, 1],
    [[3, 4, 2], [3, 2], 1, 1],
    [[3, 2, 4], [3, 3], 2, 1],
    [[3, 2, 4], [3, 2, 2], 2, 1],
    [[2, 3, 4], [2, 3, 2], 2, 2],
    [[2, 3, 2, 4], [2, 3], 3, 1],
    [[2, 3, 4, 2], [2, 3, 5], 2, 2],
    [[2, 2, 2, 3, 4], [2, 2, 3], 4, 2],
    [[2, 2, 2, 3, 4], [2, 2, 2, 3, 2], 4, -1],
    [[5, 2], [3], 0, 0],
    [[2, 5], [2, 2], 1, 0],
  ];
  for (const [shape, places, axis, batchDims] of cases) {
    it(`takes what the indices say, ${places.join(' × ')} of ${shape.join(' × ')} along axis ${axis} with ${batchDims} axes in common`, async () => {
      const sizeOf = (s: readonly number[]): number => s.reduce((a, b) => a * b, 1);
      const [x, index] = [
        Array.from({length: sizeOf(shape)}, (_, i) => i + 0.5),
        Array.from({length: sizeOf(places)}, (_, i) => (i * i + 3 * i + 1) % shape[axis]!),
      ];
      const out = tf.tidy(() => tf.gather(tf.tensor(x, shape), tf.tensor(index, places, 'int32'), axis, batchDims));
      const common = batchDims < 0 ? batchDims + places.length : batchDims;
      const [batch, outer, inner, each] = [
        sizeOf(shape.slice(0, common)),
        sizeOf(shape.slice(common, axis)),
        sizeOf(shape.slice(axis + 1)),
        sizeOf(places.slice(common)),
      ];
      const expected: number[] = [];
      for (let b = 0; b < batch; b++) {
        for (let o = 0; o < outer; o++) {
          for (let k = 0; k < each; k++) {
            for (let i = 0; i < inner; i++)
              expected.push(x[((b * outer + o) * shape[axis]! + index[b * each + k]!) * inner + i]!);
          }
        }
      }
      expect(out.shape).toEqual([...shape.slice(0, axis), ...places.slice(common), ...shape.slice(axis + 1)]);
      expect(Array.from(await out.data())).toEqual(expected);
      out.dispose();
    });
  }

  it('leaves nothing behind', () => {
    const before = tf.memory();
    tf.tidy(() => void tf.gather(tf.ones([3, 4]), tf.zeros([3, 2], 'int32'), 1, 1));
    const {numTensors, numDataBuffers} = tf.memory();
    expect({numTensors, numDataBuffers}).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
  });
});
