import * as tf from '@tensorflow/tfjs-core';
import {guardVectors, oneHot, openSimplex, positiveVector, realVector, simplex} from '../../src/constraints/vectors.js';
import {COUNTS} from '../../src/functions/guards/index.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'constraints of vectors',
  () => {
    const rows = [
      [0.25, 0.75],
      [0, 1],
      [0.5, 0.25],
      [-1, 2],
      [1, 1],
    ];
    const sets = {simplex, openSimplex, oneHot, realVector, positiveVector};
    const good = {
      simplex: [true, true, false, false, false],
      openSimplex: [true, false, false, false, false],
      oneHot: [false, true, false, false, false],
      realVector: [true, true, true, true, true],
      positiveVector: [true, false, true, false, true],
    };

    it('hold of numbers and of tensors, and guard a value where they do not', async () => {
      const x = tf.tensor2d(rows);
      for (const [name, set] of Object.entries(sets)) {
        const expected = good[name as keyof typeof good];
        expect(rows.map(row => set.check(row)))
          .withContext(name)
          .toEqual(expected);
        const contains = set.contains(x);
        expect(Array.from(await contains.data(), Boolean))
          .withContext(name)
          .toEqual(expected);
        contains.dispose();
        if (set.guard === undefined) continue;
        const guarded = tf.tidy(() => set.guard!(tf.zeros([5]), x));
        expect(Array.from(await guarded.data(), v => v === 0))
          .withContext(name)
          .toEqual(expected);
        guarded.dispose();
      }
      x.dispose();
    });

    it('guardVectors asks each element and the sum', async () => {
      const guarded = tf.tidy(() =>
        guardVectors(
          COUNTS,
          tf.scalar(1),
          tf.tensor2d([
            [1, 2],
            [0.5, 2.5],
            [3, 1],
            [NaN, 3],
          ]),
          3,
        ),
      );
      expect(Array.from(await guarded.data())).toEqual([1, -Infinity, -Infinity, NaN]);
      guarded.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
