import * as tf from '@tensorflow/tfjs-core';
import {nonNegativeInteger, openUnitInterval, positive} from '../../src/constraints/numberSets.js';
import {simplex} from '../../src/constraints/vectors.js';
import type {Constraint} from '../../src/constraints/constraint.js';
import {guarded, sizeOfValue, withinEnds} from '../../src/distributions/outside.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

describeBackends(
  'what lies outside of a support',
  () => {
    const family = (support: Constraint, isDiscrete = false, eventShape: number[] = []) => ({
      support,
      isDiscrete,
      eventShape,
    });
    /** The same set without a guard of its own. */
    const bare = (set: Constraint): Constraint => ({...set, guard: undefined, settle: undefined});

    it('has −∞ in the place of the formula, and NaN where the value is NaN, with or without a guard of the set', async () => {
      const x = tf.tensor1d([-1, 0.5, 2, NaN, 0]);
      for (const set of [openUnitInterval, bare(openUnitInterval)]) {
        const inside = tf.tidy(() => guarded(family(set), tf.mul(x, 10), x));
        expect(await read(inside)).toEqual([-Infinity, 5, -Infinity, NaN, -Infinity]);
        const slope = tf.tidy(() =>
          tf.grad(t => tf.sum(tf.maximum(guarded(family(set), tf.mul(t, 10), t), -1e9)))(tf.tensor1d([-1, 0.5, 2])),
        );
        expect(await read(slope)).toEqual([0, 10, 0]);
      }
      const rows = tf.tensor2d([
        [0.25, 0.75],
        [0.5, 0.6],
        [NaN, 1],
      ]);
      for (const set of [simplex, bare(simplex)])
        expect(await read(tf.tidy(() => guarded(family(set, false, [2]), tf.tensor1d([1, 2, 3]), rows)))).toEqual([
          1,
          -Infinity,
          NaN,
        ]);
      const own = {...positive, guard: () => tf.scalar(5)};
      expect(await read(tf.tidy(() => guarded(family(own), x, x)))).toEqual([5]);
      tf.dispose([x, rows]);
    });

    it('has constants below and above an interval, at which no derivative of the formula is asked for', async () => {
      const x = [-Infinity, -1, 0.5, 3, Infinity, NaN];
      const f = (t: tf.Tensor): tf.Tensor => tf.log(t); // infinite derivatives at 0
      const at = (t: tf.Tensor): tf.Tensor => withinEnds(family(openUnitInterval), t, -7, 7, f);
      expectNear(await read(tf.tidy(() => at(tf.tensor1d(x)))), [-7, -7, Math.log(0.5), 7, 7, NaN], 'values');
      const slope = await read(tf.tidy(() => tf.grad(t => tf.sum(at(t)))(tf.tensor1d([-1, 0, 0.5, 1, 3]))));
      expect([slope[0], slope[2], slope[4]]).toEqual([0, 2, 0]);
      expect(slope.every(Number.isFinite)).toBeTrue();
      expect(await read(tf.tidy(() => withinEnds(family(positive), tf.tensor1d([Infinity]), 0, 1, f)))).toEqual([1]);
    });

    it('is the family’s own affair where values are discrete, vectors or of no interval, but for NaN', async () => {
      const x = tf.tensor1d([-3, 2, NaN]);
      const seen: number[][] = [];
      const f = (t: tf.Tensor): tf.Tensor => (seen.push(Array.from(t.dataSync())), tf.onesLike(t));
      for (const d of [
        family(nonNegativeInteger),
        family(positive, true),
        family({...positive, ends: undefined}),
        family(bare(positive)),
      ])
        expect(await read(tf.tidy(() => withinEnds(d, x, -7, 7, f)))).toEqual([1, 1, NaN]);
      expect(seen).toEqual(new Array(4).fill([-3, 2, NaN]));
      x.dispose();
    });

    it('is told by a size that is NaN where an element is, and a constant', async () => {
      const x = tf.tensor3d([
        [
          [1, -2],
          [3, NaN],
        ],
        [
          [0, 0],
          [-4, 1],
        ],
      ]);
      const size = async (event: number[]): Promise<[number[], number[]]> => {
        const t = tf.tidy(() => sizeOfValue(event, x));
        return [t.shape, await read(t)];
      };
      expect(await size([2])).toEqual([
        [2, 2],
        [3, NaN, 0, 5],
      ]);
      expect(await size([2, 2])).toEqual([[2], [NaN, 5]]);
      expect(await size([])).toEqual([[2, 2, 2], Array.from(await x.data())]);
      for (const event of [[], [2]]) {
        const slope = tf.tidy(() =>
          tf.grad(t => tf.add(tf.sum(sizeOfValue(event, t)), tf.mul(0, tf.sum(t))))(tf.ones([2, 2])),
        );
        expect(await read(slope)).toEqual([0, 0, 0, 0]);
      }
      x.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
