import * as tf from '@tensorflow/tfjs-core';
import * as constraints from '../../src/distributions/constraints.js';
import {validate, type Constraint} from '../../src/distributions/constraints.js';
import {placeOf} from '../../src/util/numbers.js';
import {describeBackends, gpuOf} from '../helpers/backends.js';

const {interval, integerInterval} = constraints;

const numbers: Array<[Constraint, good: number[], bad: number[]]> = [
  [constraints.real, [0, -1, 1e30], [Infinity, -Infinity]],
  [constraints.positive, [1e-30, 2], [0, -1]],
  [constraints.nonNegative, [0, 2], [-1]],
  [constraints.unitInterval, [0, 0.5, 1], [-0.1, 1.1]],
  [constraints.boolean, [0, 1], [0.5, -1, 2]],
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
  {inBrief: [gpuOf('constraints')]},
);

describe('validate', () => {
  it('names the first bad element', () => {
    expect(() => validate('Normal', 'scale', constraints.positive, [1, 2, 3, -1], [4])).toThrowError(
      'Normal: scale must be > 0, got -1 at [3]',
    );
    expect(() => validate('A', 'b', constraints.positive, [0], [])).toThrowError('A: b must be > 0, got 0');
    expect(() => validate('A', 'b', constraints.boolean, [0, 1, NaN, 1], [2, 2])).toThrowError(
      'A: b must be finite, got NaN at [1,0]',
    );
    expect(() => validate('A', 'b', constraints.oneHot, [0, 1, 1, 1], [2, 2])).toThrowError(
      'A: b must be one-hot along the last axis, got [1, 1] at [1]',
    );
    validate('A', 'b', constraints.positive, [], [0, 3]);
    expect(placeOf(5, [2, 3])).toBe(' at [1,2]');
    expect(placeOf(0, [])).toBe('');
  });
});
