import * as tf from '@tensorflow/tfjs-core';
import {axisRuleOf, madeBy} from '../../src/math/axisRule.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'axis rules',
  () => {
    it('are of the tensor that was made by them, and of no other', () => {
      const [x, y] = [tf.zeros([2]), tf.zeros([2])];
      expect(madeBy('alongLast', x)).toBe(x);
      expect(axisRuleOf(x)).toBe('alongLast');
      expect(axisRuleOf(y)).toBeUndefined();
      const copy = tf.clone(x);
      expect(axisRuleOf(copy)).toBeUndefined();
      tf.dispose([x, y, copy]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
