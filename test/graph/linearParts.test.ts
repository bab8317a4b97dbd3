import * as tf from '@tensorflow/tfjs-core';
import {linearParts, tellParts} from '../../src/graph/linearParts.js';
import {readTape} from '../../src/graph/tape.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';
import {coin, withTape} from './upstream.js';

describeBackends(
  'taking scalars apart',
  () => {
    /** What the scalars of `make` are taken apart into, and what it kept beside them. */
    const parts = async (make: (x: tf.Tensor) => tf.Tensor[]): Promise<number[][]> => {
      const found = withTape([0.3, -0.4], w => {
        const x = tf.relu(tf.add(tf.mul(coin('a', w).value, 0), [1, 2])); // [1, 2], but random, and no sum of others
        const scalars = make(x);
        return linearParts(readTape('test'))(scalars);
      });
      return Promise.all(found.map(read));
    };

    it('gives tensors whose means add up to them', async () => {
      expect(await parts(x => [tf.mean(x)])).toEqual([[1, 2]]);
      expect(await parts(x => [tf.sum(x)])).toEqual([[2, 4]]);
      expect(await parts(x => [tf.neg(tf.div(tf.mul(3, tf.mean(x)), 2))])).toEqual([[-1.5, -3]]);
      expect(await parts(x => [tf.sub(tf.sum(x), tf.mean(x))])).toEqual([[1, 2]]); // the one tensor by both ways
    });

    it('leaves a scalar whole that is no linear function of others, and leaves out what is not random', async () => {
      expect(await parts(x => [tf.square(tf.mean(x))])).toEqual([[2.25]]);
      expect(await parts(x => [tf.add(tf.mean(x), 5)])).toEqual([[1, 2]]);
      expect(await parts(() => [])).toEqual([]);
    });

    it('asks who made a scalar where that one knows better than the tape', async () => {
      const told = await parts(x => {
        const [mean, sum] = [tf.mean(x), tf.sum(x)];
        const scalar = tf.mean(tf.stack([mean, sum])); // of which the tape says [1.5, 3]
        tellParts(scalar, takeApart => [tf.stack([...takeApart([mean]), ...takeApart([sum])])]);
        return [scalar, tf.mean(tf.mul(x, 10))];
      });
      expect(told).toEqual([
        [10, 20],
        [1, 2, 2, 4],
      ]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
