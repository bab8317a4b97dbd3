import * as tf from '@tensorflow/tfjs';
import {ensureKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'max pooling',
  () => {
    beforeEach(() => ensureKernels());
    const line = [-3, -1, -2, -5, -4];
    const image = () => tf.reshape<tf.Rank.R4>(tf.tensor1d(line), [1, 1, 5, 1]);

    it('says where the largest of negative numbers are', async () => {
      const {result, indexes} = tf.maxPoolWithArgmax(tf.concat([image(), image()], 0), [1, 2], 1, 'valid', true);
      expect(Array.from(await result!.data())).toEqual([-1, -1, -2, -4, -1, -1, -2, -4]);
      expect(Array.from(await indexes!.data())).toEqual([1, 1, 2, 4, 6, 6, 7, 9]);
    });

    it('counts places from the start of each image where they are so asked for', async () => {
      const {indexes} = tf.maxPoolWithArgmax(tf.concat([image(), image()], 0), [1, 2], 1, 'valid', false);
      expect(Array.from(await indexes!.data())).toEqual([1, 1, 2, 4, 1, 1, 2, 4]);
    });

    it('takes negative numbers of three dimensions, and adds up where windows overlap', async () => {
      const pool = (x: tf.Tensor) => tf.maxPool3d(tf.reshape<tf.Rank.R5>(x, [1, 1, 1, 5, 1]), [1, 1, 2], 1, 'valid');
      const [y, dx] = tf.tidy(() => [
        pool(image()),
        tf.grad(x => tf.sum(tf.mul(tf.reshape(pool(x), [-1]), tf.tensor1d([1, 2, 4, 8]))))(tf.tensor1d(line)),
      ]);
      expect(Array.from(await y.data())).toEqual([-1, -1, -2, -4]);
      expect(Array.from(await dx.data())).toEqual([0, 3, 4, 0, 8]);
    });

    it('leaves nothing behind', () => {
      const before = tf.memory().numDataBuffers;
      tf.tidy(() => {
        tf.maxPoolWithArgmax(image(), [1, 2], 1, 'valid');
        tf.grad(x => tf.sum(tf.maxPool(x as tf.Tensor4D, [1, 2], 1, 'same')))(image());
      });
      expect(tf.memory().numDataBuffers).toBe(before);
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
