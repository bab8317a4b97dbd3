import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {toDataset} from '../../examples/data/dataset.js';
import {drawDigits} from '../../examples/data/digits.js';
import {scoped, seeded} from '../../examples/frame/scope.js';
import {autoencoder} from '../../examples/vae.js';
import {autoencoder as categorical} from '../../examples/categoricalVae.js';

describe('autoencoders of layers', () => {
  const cases = {
    'with Normal latents': () => autoencoder(16, 20, false),
    'with convolutions': () => autoencoder(16, 20, true),
    'with categorical latents, by leaveOneOut': () => categorical(16, 'leaveOneOut'),
  };
  for (const [title, make] of Object.entries(cases)) {
    it(`learn ${title}`, async () => {
      await tf.setBackend('wasm');
      await seeded(1, () =>
        scoped(async () => {
          const model = make();
          model.compile({
            optimizer: st.stochasticOptimizer(tf.train.adam(1e-2)),
            ...stl.withCosts(stl.negativeLogLikelihood, model),
          });
          const x = tf.tensor2d(toDataset('digits', drawDigits(40, 1)).pixels, [40, 784]);
          const {history} = await model.fit(x, x, {epochs: 6, batchSize: 20, verbose: 0});
          const losses = history['loss'] as number[];
          expect(losses.at(-1)!).toBeLessThan((title.includes('conv') ? 0.95 : 0.75) * losses[0]!);
          losses.forEach((loss, i) =>
            expect(loss).toBeCloseTo((history['reconstruction']![i] as number) + (history['kl']![i] as number), 0),
          );
        }),
      );
    });
  }
});
