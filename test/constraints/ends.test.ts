import * as tf from '@tensorflow/tfjs-core';
import {endOf, fixed, haveSameEnds, isWhole, moversOf} from '../../src/constraints/ends.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'ends of sets',
  () => {
    it('say which tensors move them, each once', () => {
      const [low, high] = [tf.scalar(0), tf.scalar(1)];
      expect(endOf(3)).toEqual({at: 3, movers: []});
      expect(endOf([1, 2])).toEqual({at: NaN, movers: []});
      expect(moversOf({ends: [endOf(low), endOf(high)], boundBy: [low]})).toEqual([low, high]);
      expect(moversOf({ends: fixed(0, 1)})).toEqual([]);
      expect(moversOf({})).toEqual([]);
      tf.dispose([low, high]);
    });

    it('tell all numbers from some, and equal sets from others', () => {
      expect(isWhole({ends: fixed(-Infinity, Infinity)})).toBeTrue();
      expect(isWhole({ends: fixed(0, Infinity)})).toBeFalse();
      expect(isWhole({})).toBeFalse();
      expect(haveSameEnds({ends: fixed(0, 1)}, {ends: fixed(0, 1)})).toBeTrue();
      expect(haveSameEnds({ends: fixed(0, 1)}, {ends: fixed(0, 2)})).toBeFalse();
      expect(haveSameEnds({ends: [endOf([1]), endOf(2)]}, {ends: [endOf([1]), endOf(2)]})).toBeFalse(); // unknown
      expect(haveSameEnds({}, {})).toBeFalse();
    });
  },
  {only: ['cpu'], inBrief: []},
);
