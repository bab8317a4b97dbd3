import * as tf from '@tensorflow/tfjs';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'AddN of many tensors',
  () => {
    it('adds up as many as it is given, and leaves none behind', async () => {
      const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
      for (const n of [4096, 4097, 20_000]) {
        const tensors = Array.from({length: n}, (_, i) => tf.tensor1d([i % 7, 1]));
        const sum = tf.addN(tensors);
        const wanted = tensors.reduce((total, _, i) => total + (i % 7), 0);
        expect(Array.from(await sum.data())).toEqual([wanted, n]);
        tf.dispose([...tensors, sum]);
      }
      expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
