import * as tf from '@tensorflow/tfjs-core';
import {topKOfNumbers, topKOnDevice} from '../../../src/random/elements/topK.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'the k greatest',
  () => {
    it('come in falling order with their places, of each row', async () => {
      const rows = [3, 9, -1, 4, 0.5, -2, 8, 7];
      const expected = {indices: [1, 3, 2, 3], values: [9, 4, 8, 7]};
      const host = topKOfNumbers(Float32Array.from(rows), 4, 2);
      expect(Array.from(host.indices)).toEqual(expected.indices);
      expect(Array.from(host.values)).toEqual(expected.values);
      const device = tf.tidy(() => {
        const {indices, values} = topKOnDevice(tf.tensor2d(rows, [2, 4]), 2);
        return [indices, values];
      });
      expect(Array.from(await device[0]!.data())).toEqual(expected.indices);
      expect(Array.from(await device[1]!.data())).toEqual(expected.values);
      tf.dispose(device);
    });
  },
  {inBrief: []},
);
