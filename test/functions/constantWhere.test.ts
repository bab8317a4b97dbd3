import * as tf from '@tensorflow/tfjs-core';
import {constantWhere} from '../../src/functions/constantWhere.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'derivatives at an end of the support',
  () => {
    it('are 0 where the function is −∞, and are not made there', async () => {
      const partials = constantWhere<'x' | 'a'>(x => tf.equal(x, 0), 1, {x: (x, a) => tf.div(a, x), a: 'zero'});
      expect(partials.a).toBe('zero');
      const slope = tf.tidy(() =>
        (partials.x as (...inputs: tf.Tensor[]) => tf.Tensor)(tf.tensor1d([0, 2]), tf.scalar(3)),
      );
      expect(Array.from(await slope.data())).toEqual([0, 1.5]);
      slope.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
