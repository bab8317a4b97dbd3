import * as tf from '@tensorflow/tfjs-core';
import {isGone} from '../../src/graph/variablesOf.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'an object whose variables were disposed',
  () => {
    it('is known by any of them, however deep in lists and fields', () => {
      const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
      const state = {network: {layers: 'user', variables: [a, b]}, step: 3, none: null};
      expect(isGone(state)).toBeFalse();
      b.dispose();
      expect(isGone(state)).toBeTrue();
      expect(isGone({records: [{variable: b}]})).toBeTrue();
      expect(isGone({a})).toBeFalse();
      expect([null, 3, 'x', {}, []].some(isGone)).toBeFalse();
      a.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
