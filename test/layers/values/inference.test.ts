import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';
import {roundTrip} from '../costs/shared.js';

describeBackends(
  'a number of draws as inference',
  () => {
    beforeEach(() => st.random.setSeed(1));
    const logits = [0.4, -0.7, 0.9];
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

    it('gives the mean of so many draws of the layer, which what is behind it sees', async () => {
      const model = sequential({
        layers: [stl.bernoulli({inference: 2, inputShape: [3]}), layers.activation({activation: 'sigmoid'})],
      });
      const x = tf.tidy(() => tf.tile(tf.tensor2d([logits]), [50, 1]));
      const y = model.predict(x) as tf.Tensor;
      const seen = new Set(Array.from(await y.data(), v => v.toFixed(3)));
      expect([...seen].sort()).toEqual([0, 0.5, 1].map(v => sigmoid(v).toFixed(3)));
      tf.dispose([x, y]);
      model.dispose();
    });

    it('comes to the mean of the distribution, and of the outputs over weights', async () => {
      const n = 4000;
      const models = [
        sequential({layers: [stl.bernoulli({inference: n, inputShape: [3]})]}),
        sequential({
          layers: [
            stl.denseReparameterization({
              ...{units: 3, inputShape: [3], inference: 400, activation: 'relu', useBias: false},
              ...{weights: [tf.zeros([3, 3])], posterior: {name: 'normal', config: {scale: 1}}},
            }),
          ],
        }),
      ] as const;
      const x = tf.tensor2d([logits]);
      const before = tf.memory().numTensors;
      const [bits, outputs] = models.map(m => m.predict(x) as tf.Tensor) as [tf.Tensor, tf.Tensor];
      Array.from(await bits.data()).forEach((p, j) =>
        expect(Math.abs(p - sigmoid(logits[j]!))).toBeLessThan((4.5 * 0.5) / Math.sqrt(n)),
      );
      // E max(0, N(0, s²)) = s / √(2π)
      const s = Math.hypot(...logits);
      for (const y of await outputs.data())
        expect(Math.abs(y - s / Math.sqrt(2 * Math.PI))).toBeLessThan((4.5 * 0.6 * s) / 20);
      tf.dispose([bits, outputs]);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(x);
      models.forEach(m => m.dispose());
    });

    it('is saved, repeats itself with a seed, and may be changed', async () => {
      const model = sequential({layers: [stl.normal({inference: 3, seed: 5, inputShape: [4]})]});
      const again = await roundTrip(model);
      const x = tf.ones([2, 4]);
      const [a, b] = [model.predict(x), again.predict(x)] as [tf.Tensor, tf.Tensor];
      expect([...(await b.data())]).toEqual([...(await a.data())]);
      const layer = again.layers[0] as stl.StochasticLayer;
      expect(layer.inference).toBe(3);
      layer.inference = 'mean';
      const mean = again.predict(x) as tf.Tensor;
      expectNear(await mean.data(), [1, 1, 1, 1], 'mean');
      tf.dispose([x, a, b, mean]);
      [model, again].forEach(m => m.dispose());
    });

    it('takes the draws some at a time where they are many', async () => {
      const model = sequential({layers: [stl.normal({inference: 1100, inputShape: [1024]})]});
      const x = tf.zeros([1, 1024]);
      const y = model.predict(x) as tf.Tensor;
      const scale = Math.log(2) / Math.sqrt(1100);
      for (const v of await y.data()) expect(Math.abs(v)).toBeLessThan(5 * scale);
      tf.dispose([x, y]);
      model.dispose();
    });

    it('must be one that makes sense', () => {
      for (const inference of [0, -1, 1.5, NaN, Infinity, 1e7])
        expect(() => stl.bernoulli({name: 'a', inference}))
          .withContext(String(inference))
          .toThrowError(
            /^stl layer "a": inference must be "mean", "mode", "sample" or a number of draws from 1 to 1000000, got /,
          );
      expect(() => stl.denseFlipout({units: 1, inputShape: [2], name: 'a', inference: 0})).toThrowError(
        'stl layer "a": inference must be "mean", "sample" or a number of draws from 1 to 1000000, got 0',
      );
      const gru = layers.gru({units: 1, stateful: true, batchInputShape: [1, 2, 2]});
      expect(() => stl.variational(gru, {name: 'a', inference: 5})).toThrowError(
        'stl layer "a": a stateful layer would go on from draw to draw, so inference must be "mean" or "sample", got 5',
      );
      const indices = sequential({layers: [stl.categorical({name: 'c', inference: 5, inputShape: [3]})]});
      expect(() => tf.tidy(() => indices.predict(tf.ones([1, 3])))).toThrowError(
        'stl layer "c": draws of a Categorical have no mean; choose another inference than a number of draws, got 5',
      );
      indices.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
