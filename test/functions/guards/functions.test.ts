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
/** Neighbours of the ends of sets in float32, which GPUs take for 0. */
const subtle = [
  -(2 ** -149),
  -0,
  2 ** -149,
  1 - 2 ** -24,
  1 + 2 ** -23,
  (2 - 2 ** -23) * 2 ** 127,
  16777215.5,
  8388607.5,
];
const numbers = [-Infinity, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3e38, Infinity, NaN];

describe('the loops of guards', () => {
  it('tell each number of float32 as the functions of one number do', () => {
    const x = Float32Array.from([...numbers, ...subtle, ...subtle.map(v => -v)]);
    const value = x.map((_, i) => i);
    const out = new Float32Array(x.length);
    const fall = (f: (...x: number[]) => number, ...args: Float32Array[]) =>
      Float32Array.from(x, (_, i) => f(...args.map(a => a[i]!)));
    for (const [name, {guard}] of Object.entries(sets)) {
      guard.loop!(value, value.length, x, x.length, out);
      expect(out)
        .withContext(name)
        .toEqual(fall(guard.scalar, value, x));
    }
  });
});

describe('the tests of guards', () => {
  it('hold for double precision too', () => {
    const edges = [-Infinity, -1, -(2 ** -1074), 0, 2 ** -1074, 1 - 2 ** -53, 1, 1 + 2 ** -52, Infinity, NaN];
    const inside = (set: guards.GuardSet) => edges.map(x => (set.test(x) ? '1' : '0')).join('');
    expect(Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, inside(set)]))).toEqual({
      BOOLEAN: '0001001000',
      COUNTS: '0001001000',
      NON_NEGATIVE: '0001111100',
      OPEN_UNIT_INTERVAL: '0000110000',
      POSITIVE: '0000111100',
      REAL: '0111111100',
      SIGN: '0100001000',
      UNIT_INTERVAL: '0001111000',
    });
  });
});

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
