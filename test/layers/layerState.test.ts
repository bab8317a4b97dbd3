import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'the counters of a layer',
  () => {
    it('tell draws in training from those outside of it', async () => {
      const layer = stl.bernoulli({seed: 3, inference: 'sample'});
      const model = sequential({layers: [layers.dense({units: 2, inputShape: [2]}), layer]});
      const x = tf.ones([1, 2]);
      const counters = async (): Promise<number[]> => Array.from(await layer.getWeights()[0]!.data());
      for (let i = 0; i < 3; i++) tf.dispose(model.predict(x));
      expect(await counters()).toEqual([0, 0, 3]);
      tf.dispose(model.apply(x, {training: true}) as tf.Tensor);
      expect(await counters()).toEqual([1, 0, 3]);
      layer.inference = 'mean';
      tf.dispose(model.predict(x));
      expect(await counters()).toEqual([1, 0, 3]);
      model.dispose();
      x.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
