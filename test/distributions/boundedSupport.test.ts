import * as tf from '@tensorflow/tfjs-core';
import {bounded, checkBounds} from '../../src/distributions/boundedSupport.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'supports between parameters',
  () => {
    it('know what numbers tell, and by tensors which tensors move them', async () => {
      const high = tf.tensor1d([2, 3]);
      const support = bounded(['low', 0], ['high', high]);
      expect(support.rule).toBe('in [0, high]');
      expect([-1, 0, 99, NaN, Infinity].map(v => support.check(v))).toEqual([false, true, true, false, false]);
      expect(support.ends![1].movers).toEqual([high]);
      const inside = support.contains(tf.tensor1d([2.5, 2.5]));
      expect(Array.from(await inside.data(), Boolean)).toEqual([false, true]);
      expect(bounded(['low', 1]).rule).toBe('>= 1');
      expect(bounded(['low', 1]).check(0.5)).toBeFalse();
      tf.dispose([high, inside]);
    });

    it('must be in order, which of tensors is looked at only when asked for', () => {
      const one = tf.scalar(1);
      expect(() => checkBounds('A', {low: [0, 2], high: 1}, false)).toThrowError(
        'A: high must be > low, got low 2 and high 1 at [1]',
      );
      expect(() => checkBounds('A', {low: one, high: 0}, false)).not.toThrow();
      expect(() => checkBounds('A', {low: one, high: 0}, true)).toThrowError(
        'A: high must be > low, got low 1 and high 0',
      );
      one.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
