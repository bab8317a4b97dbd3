import * as tf from '@tensorflow/tfjs-core';
import type {Constraint} from '../../src/constraints/index.js';
import * as limits from '../../src/constraints/limits.js';
import * as constraints from '../../src/constraints/index.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';

const {interval, integerInterval} = constraints;

const numbers: Array<[Constraint, good: number[], bad: number[]]> = [
  [constraints.real, [0, -1, 1e30], [Infinity, -Infinity]],
  [constraints.positive, [1e-30, 2], [0, -1]],
  [constraints.nonNegative, [0, 2], [-1]],
  [constraints.unitInterval, [0, 0.5, 1], [-0.1, 1.1]],
  [constraints.openUnitInterval, [1e-30, 0.5], [0, 1, -1]],
  [constraints.nonZero, [1e-30, -2], [0, Infinity]],
  [constraints.boolean, [0, 1], [0.5, -1, 2]],
  [constraints.sign, [-1, 1], [0, 0.5, -2]],
  [constraints.nonNegativeInteger, [0, 7], [0.5, -1, Infinity]],
  [constraints.openInterval(-1, 2), [-0.5, 1], [-1, 2]],
  [limits.notNaN, [0, Infinity, -Infinity], []],
  [limits.belowInfinity, [-Infinity, 3e38], [Infinity]],
  [limits.aboveMinusInfinity, [Infinity, -3e38], [-Infinity]],
  [limits.properProbability, [0, 0.5], [1, -0.5]],
  [limits.positiveProbability, [0.5, 1], [0, 1.5]],
  [limits.logOfFloat, [-Infinity, 88], [88.1, Infinity]],
  [limits.wholeCount, [0, 2 ** 24], [0.5, -1, 2 ** 25]],
  [interval(-1, 2), [-1, 0, 2], [-1.5, 3]],
  [integerInterval(0, 3), [0, 1, 3], [0.5, 4, -1]],
];

const vectors: Array<[Constraint, good: number[][], bad: number[][]]> = [
  [
    constraints.simplex,
    [
      [0.5, 0.5],
      [0, 1],
    ],
    [
      [0.5, 0.6],
      [-0.5, 1.5],
    ],
  ],
  [
    constraints.oneHot,
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 1],
      [0, 0],
      [0.5, 0.5],
    ],
  ],
  [
    constraints.logWeights,
    [
      [0, 5],
      [-Infinity, 0],
    ],
    [
      [-Infinity, -Infinity],
      [Infinity, 0],
    ],
  ],
];

describeBackends(
  'constraints',
  () => {
    it('agree with themselves on numbers and on tensors', async () => {
      for (const [constraint, good, bad] of [...numbers, ...vectors]) {
        expect(good.every(v => constraint.check(v)))
          .withContext(constraint.name)
          .toBe(true);
        expect(bad.some(v => constraint.check(v)))
          .withContext(constraint.name)
          .toBe(false);
        const all = tf.tensor([...good, ...bad] as number[]);
        const contains = constraint.contains(all);
        expect(contains.shape).toEqual([good.length + bad.length]);
        expect(Array.from(await contains.data(), Boolean))
          .withContext(constraint.name)
          .toEqual([...good.map(() => true), ...bad.map(() => false)]);
        expect(constraint.check(constraint.eventRank === 0 ? [0] : 0))
          .withContext('the wrong rank')
          .toBe(false);
        expect(constraint.check(constraint.eventRank === 0 ? NaN : [NaN, 0])).toBe(false);
      }
    });
  },
  {inBrief: [gpuOf('constraints')], inNode: ['cpu']},
);
