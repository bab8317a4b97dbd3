import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {roundTrip} from '../costs/shared.js';
import {recorder} from '../models.js';

describeBackends(
  'the mean behind a distribution',
  () => {
    it('is given in training and otherwise, with its gradient, and is saved', async () => {
      const kernel = tf.tensor2d([[0.5, 1, 0.3]]);
      const model = sequential({
        layers: [
          layers.dense({units: 3, inputShape: [1], useBias: false, weights: [kernel]}),
          stl.bernoulli({output: 'distribution', inference: 'sample'}),
          stl.meanValue(),
        ],
      });
      kernel.dispose();
      const x = tf.ones([1, 1]);
      const y = tf.zeros([1, 3]);
      const {optimizer, read} = recorder();
      model.compile({optimizer, loss: (_: tf.Tensor, p: tf.Tensor) => tf.sum(p, -1)});
      await model.fit(x, y, {epochs: 1, verbose: 0});
      const [step] = await read();
      const p = [0.5, 1, 0.3].map(v => 1 / (1 + Math.exp(-v)));
      Object.values(step!)[0]!.forEach((g, j) => expect(g).toBeCloseTo(p[j]! * (1 - p[j]!), 5));
      const again = await roundTrip(model);
      const before = tf.memory().numTensors;
      for (const m of [model, again]) {
        const out = m.predict(x) as tf.Tensor;
        (await out.data()).forEach((v, j) => expect(v).toBeCloseTo(p[j]!, 5));
        out.dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([x, y]);
      [model, again].forEach(m => m.dispose());
    });

    it('needs a distribution that has one', () => {
      const predict = (...made: layers.Layer[]) => {
        const model = sequential({layers: made});
        return () => tf.tidy(() => model.predict(tf.ones([1, 2])));
      };
      expect(predict(layers.dense({units: 2, inputShape: [2]}), stl.meanValue({name: 'm'}))).toThrowError(
        /^stl layer "m": the input must be what a layer with output: 'distribution' gave out/,
      );
      expect(
        predict(stl.categorical({output: 'distribution', inputShape: [2]}), stl.meanValue({name: 'm'})),
      ).toThrowError('stl layer "m": a Categorical has no mean');
      const mean = stl.meanValue as (args: unknown) => layers.Layer;
      expect(() => mean({nam: 'm'})).toThrowError(/^stl.meanValue: unknown option "nam"/);
      expect(() => mean(null)).toThrowError('stl.meanValue: the config must be an object, got null');
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
