import * as tf from '@tensorflow/tfjs-core';
import * as guards from '../../../src/functions/guards/index.js';
import {describeBackends} from '../../helpers/backends.js';

const sets = {
  BOOLEAN: guards.BOOLEAN,
  COUNTS: guards.COUNTS,
  NON_NEGATIVE: guards.NON_NEGATIVE,
  OPEN_UNIT_INTERVAL: guards.OPEN_UNIT_INTERVAL,
  POSITIVE: guards.POSITIVE,
  REAL: guards.REAL,
  SIGN: guards.SIGN,
  UNIT_INTERVAL: guards.UNIT_INTERVAL,
};
const numbers = [-Infinity, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3e38, Infinity, NaN];

describeBackends(
  'guards',
  () => {
    it('know each set as its test says: value, indicator and settled number', async () => {
      for (const [name, set] of Object.entries(sets)) {
        const {test, inside} = set;
        const x = tf.tensor1d(numbers);
        const found = tf.tidy(() => [
          guards.guard(set, tf.scalar(7), x),
          guards.indicator(set, x),
          guards.settle(set, x),
        ]);
        const [value, holds, settled] = await Promise.all(found.map(t => t.data()));
        numbers.forEach((v, i) => {
          const at = `${name} ${v}`;
          const [a, b, c] = Number.isNaN(v)
            ? [NaN, NaN, NaN]
            : test(v)
              ? [7, 1, Math.fround(v)]
              : [-Infinity, 0, inside];
          expect(value![i]).withContext(at).toEqual(a);
          expect(holds![i]).withContext(at).toEqual(b);
          expect(settled![i]).withContext(at).toEqual(c);
        });
        expect(test(inside)).withContext(`inside ${name}`).toBe(true);
        tf.dispose([x, ...found]);
      }
    });

    it('between two ends do the same, and pass derivatives to the value inside only', async () => {
      const x = tf.tensor1d([-2, -1, 0, 1, 1.5, NaN]);
      const found = tf.tidy(() => [
        guards.guardBetween(tf.scalar(7), x, -1, 1),
        guards.indicatorBetween(x, -1, 1),
        guards.settleBetween(x, -1, 1),
        tf.grad(v => tf.sum(guards.guardBetween(v, tf.slice(x, 0, 5), -1, 1)))(tf.ones([5])),
      ]);
      const [value, holds, settled, slope] = await Promise.all(found.map(async t => Array.from(await t.data())));
      expect(value).toEqual([-Infinity, 7, 7, 7, -Infinity, NaN]);
      expect(holds).toEqual([0, 1, 1, 1, 0, NaN]);
      expect(settled).toEqual([-1, -1, 0, 1, -1, NaN]);
      expect(slope).toEqual([0, 1, 1, 1, 0]);
      tf.dispose([x, ...found]);
    });

    it('keep NaN in comparisons and in sigmoids', async () => {
      const x = tf.tensor1d([NaN, 0]);
      const found = tf.tidy(() => [
        guards.unlessNaN(tf.scalar(3), x),
        guards.indicatorBelow(tf.tensor1d([0.5, -0.5]), x),
        guards.sigmoidOf(x),
        guards.softmaxOf(
          tf.tensor2d([
            [NaN, 0],
            [1, 1],
          ]),
        ),
      ]);
      const values = await Promise.all(found.map(async t => Array.from(await t.data())));
      expect(values).toEqual([
        [NaN, 3],
        [NaN, 1],
        [NaN, 0.5],
        [NaN, NaN, 0.5, 0.5],
      ]);
      tf.dispose([x, ...found]);
    });
  },
  {inBrief: []},
);
