import * as tf from '@tensorflow/tfjs-core';
import {RunningMean} from '../../src/baselines/runningMean.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'a running mean',
  () => {
    it('corrects for its start, and takes in nothing that is not finite', async () => {
      const before = tf.memory().numTensors;
      const mean = new RunningMean(0.5);
      const now = async (): Promise<number> => {
        const m = mean.mean();
        const [value] = await m.data();
        m.dispose();
        return value!;
      };
      const update = (values: number[]): void => tf.tidy(() => mean.update(tf.tensor1d(values)));
      expect(await now()).toBe(0);
      update([2, 4]);
      expect(await now()).toBeCloseTo(3, 6);
      update([6]);
      expect(await now()).toBeCloseTo((0.25 * 3 + 0.5 * 6) / 0.75, 5);
      const held = await now();
      for (const bad of [NaN, Infinity, -Infinity]) update([1, bad]);
      expect(await now()).toBeCloseTo(held, 5);
      mean.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
