import * as tf from '@tensorflow/tfjs-core';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'a loss summed over what belongs to an example',
  () => {
    it('undoes the mean of those that have one, over all axes behind the batch', async () => {
      const [targets, images] = tf.tidy(() => [tf.ones([2, 3, 4, 2]), tf.fill([2, 3, 4, 2], 0.25)] as const);
      const expected: Array<[stl.LossName, number]> = [
        ['binaryCrossentropy', 24 * -Math.log(0.25)],
        ['meanSquaredError', 24 * 0.5625],
        ['meanAbsoluteError', 24 * 0.75],
        ['categoricalCrossentropy', 24 * -Math.log(0.5)], // normalised over the two classes, then summed
      ];
      for (const [name, value] of expected) {
        const loss = stl.sumOver(name);
        expect(loss.name).toBe(`sumOver${name[0]!.toUpperCase()}${name.slice(1)}`);
        const found = loss(targets, images);
        expect(found.shape).withContext(name).toEqual([2]);
        for (const v of await found.data())
          expect(v / value)
            .withContext(name)
            .toBeCloseTo(1, 4);
        found.dispose();
      }
      tf.dispose([targets, images]);
    });

    it('keeps sample axes, and sums what a function gives', async () => {
      const [targets, values] = tf.tidy(() => [tf.zeros([2, 3]), tf.ones([5, 2, 3])] as const);
      const mean = stl.sumOver('meanSquaredError')(targets, values);
      const own = stl.sumOver((y, p) => tf.abs(tf.sub(p, y)))(targets, values);
      for (const found of [mean, own]) {
        expect(found.shape).toEqual([5, 2]);
        for (const v of await found.data()) expect(v).toBeCloseTo(3, 5);
      }
      tf.dispose([targets, values, mean, own]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
