import * as tf from '@tensorflow/tfjs-core';
import {readTemperature} from '../../../src/estimators/shared/temperature.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'temperatures',
  () => {
    it('are numbers > 0, scalar tensors, or schedules that are asked at each step', () => {
      expect(readTemperature('A', 'b', 0.5).now()).toBe(0.5);
      expect(readTemperature('A', 'b', 0.5).json).toBe(0.5);
      const t = tf.scalar(2);
      expect(readTemperature('A', 'b', t).now()).toBe(t);
      expect(readTemperature('A', 'b', t).json).toBeNull();
      const schedule = readTemperature('A', 'b', step => 1 / (1 + step));
      expect(schedule.now()).toBe(1);
      expect(schedule.now()).toBe(1); // no gradient scope in between
      t.dispose();
    });

    it('are refused otherwise', () => {
      const vector = tf.zeros([2]);
      for (const bad of [0, -1, NaN, Infinity, '1', null, vector])
        expect(() => readTemperature('A', 'b', bad as number)).toThrowError(
          /^A: b must be a finite number > 0, or a scalar float32 tensor or a function/,
        );
      expect(() => readTemperature('A', 'b', () => 0).now()).toThrowError(
        'A: b at step 0 must be a finite number > 0, got 0',
      );
      vector.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
