/** Shared sums over nested and overlapping sets of costs equal the plain sums, to the rounding of integers: exactly. */
import * as tf from '@tensorflow/tfjs-core';
import {CostSet} from '../../src/graph/costSet.js';
import {DownstreamSums} from '../../src/graph/downstream.js';
import {random} from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const count = 70; // more than two words of 32 bits

describe('CostSet', () => {
  it('unites, and gives one of its arguments where that holds the other', () => {
    const [a, b, c] = [0, 31, 64].map(i => CostSet.of(i, count)) as [CostSet, CostSet, CostSet];
    const ab = CostSet.union(a, b);
    expect([0, 1, 31, 64].map(i => ab.has(i))).toEqual([true, false, true, false]);
    expect(CostSet.union(ab, b)).toBe(ab);
    expect(CostSet.union(a, ab)).toBe(ab);
    expect(ab.includes(a)).toBeTrue();
    expect(a.includes(ab)).toBeFalse();
    expect(ab.intersects(CostSet.union(b, c))).toBeTrue();
    expect(ab.intersects(c)).toBeFalse();
  });
});

describeBackends(
  'DownstreamSums',
  backend => {
    it('gives each cost once, however the sets overlap', async () => {
      const numbers = Array.from({length: count}, (_, i) => 2 ** (i % 12) + i);
      const draws = tf.tidy(() => random.uniform([2000], {key: random.key(3)}));
      const noise = await draws.data();
      draws.dispose();
      let at = 0;
      const pick = (n: number): number => Math.floor(noise[at++ % 2000]! * n);
      for (let round = 0; round < (backend === 'webgpu' || backend === 'webgl' ? 3 : 20); round++) {
        const sets = Array.from({length: 12}, () => CostSet.of(pick(count), count));
        const asked: CostSet[] = [];
        for (let i = 0; i < 25; i++) {
          const set = CostSet.union(sets[pick(sets.length)]!, sets[pick(sets.length)]!);
          sets.push(set);
          if (pick(3) > 0) asked.push(set);
        }
        const found = tf.tidy(() => {
          // two shapes
          const sums = new DownstreamSums(numbers.map((x, i) => (i % 3 === 0 ? tf.tensor1d([x]) : tf.scalar(x))));
          return tf.concat([
            tf.zeros([1]),
            ...asked.map(set => tf.reshape(tf.addN(sums.of(set).map(t => tf.reshape(t, []))), [1])),
          ]);
        });
        const wanted = asked.map(set => numbers.reduce((sum, x, i) => sum + (set.has(i) ? x : 0), 0));
        expect(Array.from(await found.data()).slice(1)).toEqual(wanted);
        found.dispose();
      }
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
