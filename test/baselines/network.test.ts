import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'denseNetwork',
  () => {
    it('maps […, inputSize] to […, outputSize], starts at 0, is the same for the same key, and can be disposed of', async () => {
      const before = tf.memory().numTensors;
      const [a, b] = [0, 1].map(() =>
        st.denseNetwork({inputSize: 3, units: [4, 5], outputSize: 2, key: st.random.key(1)}),
      );
      expect(a!.variables.map(v => v.shape)).toEqual([[3, 4], [4], [4, 5], [5], [5, 2], [2]]);
      expect(Array.from(await a!.variables[0]!.data())).toEqual(Array.from(await b!.variables[0]!.data()));
      const out = tf.tidy(() => a!.call(tf.ones([6, 7, 3])));
      expect(out.shape).toEqual([6, 7, 2]);
      expect((await out.data()).every(x => x === 0)).toBeTrue();
      tf.tidy(() =>
        expect(() => a!.call(tf.zeros([3, 2]))).toThrowError(/^denseNetwork: the input's last axis must be 3/),
      );
      out.dispose();
      a!.dispose();
      b!.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
