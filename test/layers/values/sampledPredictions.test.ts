import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'predictions with random layers drawing',
  () => {
    it('have the mean and the spread of the distribution, and leave dropout and the layers as they were', async () => {
      const random = stl.normal({seed: 3});
      const model = sequential({layers: [layers.dropout({rate: 0.9, inputShape: [2]}), random]});
      const x = tf.tensor2d([[1, Math.log(Math.E ** 2 - 1)]]); // softplus of which is 2
      const before = tf.memory().numTensors;
      const found = stl.monteCarlo(model, x, {samples: 400});
      expect(found.samples.shape).toEqual([400, 1, 1]);
      expect(Math.abs((await found.mean.data())[0]! - 1)).toBeLessThan((4.5 * 2) / 20);
      expect(Math.abs((await found.stddev.data())[0]! / 2 - 1)).toBeLessThan(4.5 / Math.sqrt(800));
      expect(random.inference).toBe('mean');
      tf.dispose([found.samples, found.mean, found.stddev]);
      expect(tf.memory().numTensors).toBe(before);
      expect(() => stl.monteCarlo(model, x, {samples: 0})).toThrowError(
        /stl.monteCarlo: samples must be an integer >= 1/,
      );
      const plain = sequential({layers: [layers.dense({units: 1, inputShape: [2]})]});
      expect(() => stl.monteCarlo(plain, x)).toThrowError(/the model must have a random layer/);
      x.dispose();
      [model, plain].forEach(m => m.dispose());
    });
  },
  {inBrief: []},
);
