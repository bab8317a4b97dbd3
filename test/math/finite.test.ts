import * as tf from '@tensorflow/tfjs-core';
import {isFiniteNow, onlyFinite, readsAtOnce} from '../../src/math/finite.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'what is not finite',
  backend => {
    it('is told at once where the host has the memory, and replaced everywhere', async () => {
      expect(readsAtOnce()).toBe(backend === 'cpu' || backend === 'wasm');
      const x = tf.tensor1d([1, Infinity, -Infinity, NaN]);
      const each = tf.unstack(x);
      const host = readsAtOnce();
      expect(each.map(isFiniteNow)).toEqual(host ? [true, false, false, false] : [null, null, null, null]);
      const [fixed, taken] = [onlyFinite(x, -7), onlyFinite(x, tf.scalar(2))];
      expect(Array.from(await fixed.data())).toEqual([1, -7, -7, -7]);
      expect(Array.from(await taken.data())).toEqual([1, 2, 2, 2]);
      tf.dispose([x, fixed, taken, ...each]);
    });
  },
  {inBrief: ['webgl']},
);
