import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../../../src/constraints/numberSets.js';
import {
  elementParam,
  hostParam,
  isHostParam,
  readElementParam,
  readParam,
  tensorOf,
} from '../../../src/random/elements/elementParam.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'parameters of samplers',
  () => {
    it('stay where they are: numbers on the host, tensors on their device', async () => {
      expect(elementParam([[1, 2]])).toEqual({values: new Float32Array([1, 2]), shape: [1, 2]});
      expect(isHostParam(hostParam(3))).toBeTrue();
      const x = tf.tensor1d([1, 2]);
      expect(elementParam(x)).toBe(x);
      const t = tensorOf(hostParam(3));
      expect(Array.from(await t.data())).toEqual([3]);
      tf.dispose([x, t]);
    });

    it('are checked against the shape and, on the host, the constraint', () => {
      const read = (value: tf.Tensor | tf.TensorLike, eventRank?: number) => () =>
        readElementParam('A', 'b', value, [2, 3], positive, eventRank);
      expect(read([1, 2, 3])).not.toThrow();
      expect(read([[1], [2]])).not.toThrow();
      expect(read([1, 2])).toThrowError('A: b must broadcast to the shape [2,3], got [1, 2]');
      expect(read([[[1, 1, 1]]])).toThrowError(/^A: b must broadcast to the shape/);
      expect(read([1, -2, 3])).toThrowError('A: b must be > 0, got -2 at [1]');
      expect(read(1, 1)).toThrowError('A: b must have at least 1 axis, got 1');
      expect(read([[1, 2, 3, 4]], 1)).not.toThrow(); // the last axis is the classes'
      expect(read([[]], 1)).toThrowError(/^A: b must have at least one element along the last axis/);
      const bad = tf.tensor1d([-1, -1, -1]);
      expect(read(bad)).not.toThrow(); // is not read
      const read32 = tf.tidy(() => readParam('A', 'b', tf.tensor1d([1, 2, 3], 'int32'), [3], positive).dtype);
      expect(read32).toBe('float32');
      bad.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
