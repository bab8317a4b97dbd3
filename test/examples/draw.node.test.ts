import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {drawModel} from '../../examples/draw.js';
import {plainModel} from '../../examples/draw/plain.js';
import {toDataset} from '../../examples/data/dataset.js';
import {drawDigits} from '../../examples/data/digits.js';
import {scoped, seeded} from '../../examples/frame/scope.js';

describe('DRAW', () => {
  const small = {glimpses: 2, units: 16, latents: 4, window: 5};
  const weights = (): tf.Variable[] => Object.values(tf.engine().registeredVariables).filter(v => v.trainable);
  const onWasm = async (work: () => void): Promise<void> => {
    await tf.setBackend('wasm');
    await seeded(1, () => scoped(work));
  };

  it('is compared with an autoencoder of as many parameters', () =>
    onWasm(() => {
      const sizes = {glimpses: 5, units: 100, latents: 20, window: 5};
      const counts = [drawModel, plainModel].map(make => {
        const before = new Set(weights());
        make(sizes, tf.fill([784], 0.3));
        return weights().reduce((sum, v) => sum + (before.has(v) ? 0 : v.size), 0);
      });
      expect(Math.abs(counts[1]! / counts[0]! - 1)).toBeLessThan(0.01);
    }));

  it('learns within a few steps what the mean image cannot tell, and all of it takes part', () =>
    onWasm(() => {
      const {pixels, mean} = toDataset('digits', drawDigits(40, 1));
      const x = tf.cast(tf.greater(tf.tensor2d(pixels, [40, 784]), 0.5), 'float32');
      const {bound} = drawModel(small, tf.tensor1d(mean));
      const average = (): number => tf.tidy(() => tf.mean(bound(x)).dataSync()[0]!);
      const before = average();
      const optimizer = st.stochasticOptimizer(tf.train.adam(1e-2));
      for (let i = 0; i < 40; i++) tf.tidy(() => void optimizer.minimize(() => tf.neg(bound(x))));
      const {grads} = st.variableGrads(() => bound(x), weights());
      for (const gradient of Object.values(grads)) {
        const largest = tf.max(tf.abs(gradient)).dataSync()[0]!;
        expect(largest).toBeGreaterThan(1e-6);
        expect(largest).toBeLessThan(1e4);
      }
      expect(average()).toBeGreaterThan(before + 8);
    }));
});
