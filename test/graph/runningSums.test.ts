import * as tf from '@tensorflow/tfjs-core';
import {runningSum, type RunningSums} from '../../src/graph/runningSums.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends(
  'running sums',
  () => {
    /** The sum of a list, each number under its letter, and the letters that had to be made. */
    const sumOf = (sums: RunningSums, list: string, numbers: Record<string, number>): [tf.Tensor, string] => {
      let made = '';
      const sum = runningSum(sums, [...list], i => {
        made += list[i]!;
        return tf.scalar(numbers[list[i]!]!);
      });
      return [sum, made];
    };
    const numbers = {a: 1, b: 10, c: 100, d: 1000};

    it('share what lists begin with, whichever is asked first', async () => {
      const sums = new Map<string, tf.Tensor>();
      const lists = {abc: 'abc', ab: '', abd: 'd', a: '', b: 'b', bc: 'c', abcd: 'd', cb: 'cb'};
      const found = tf.tidy(() => {
        const before = tf.memory().numTensors;
        const all = Object.keys(lists).map(list => sumOf(sums, list, numbers));
        expect(tf.memory().numTensors - before).toBe(9 + 6); // what was made, and what was added to a sum
        expect(all.map(([, made]) => made)).toEqual(Object.values(lists));
        return all.map(([sum]) => tf.keep(sum));
      });
      const values: number[] = [];
      for (const sum of found) values.push(...(await read(sum)));
      expect(values).toEqual([111, 11, 1011, 1, 10, 110, 1111, 110]);
      tf.dispose(found);
    });

    it('are made anew where a tf.tidy has disposed of them', async () => {
      const sums = new Map<string, tf.Tensor>();
      tf.tidy(() => void sumOf(sums, 'abc', numbers));
      const [sum, made] = tf.tidy((): [tf.Tensor, string] => {
        const [again, letters] = sumOf(sums, 'abcd', numbers);
        return [tf.keep(again), letters];
      });
      expect(await read(sum)).toEqual([1111]);
      expect(made).toBe('abcd');
      sum.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
