import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {scoped, seeded} from '../../examples/frame/scope.js';
import {boundOf} from '../../examples/iwae.js';

describe('the bound of the importance weighted autoencoder', () => {
  it('rises with the samples to the exact ln p(x)', async () => {
    await tf.setBackend('wasm');
    await seeded(1, () =>
      scoped(() => {
        // two bits of probability a half, and q that puts .8 on each: ln p(x) is known
        const code = {
          ...{size: 2, outputs: 2},
          q: (logits: tf.Tensor) => st.independent(new st.Bernoulli({logits}), 1),
          prior: () => st.independent(new st.Bernoulli({probs: [0.5, 0.5]}), 1),
        };
        const weights = tf.tensor2d([1, -2, 0.5, 1, 0.3, -1], [2, 3]);
        const encode = (x: tf.Tensor): tf.Tensor => tf.fill([x.shape[0], 2], Math.log(4));
        const decode = (z: tf.Tensor): tf.Tensor =>
          tf.reshape(tf.matMul(tf.reshape(z, [-1, 2]), weights), [...z.shape.slice(0, -1), 3]);
        const x = [1, 0, 1];
        const exact = Math.log(
          [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
          ].reduce((sum, [a, b]) => {
            const logits = [a! + b!, -2 * a! + 0.3 * b!, 0.5 * a! - b!];
            return sum + 0.25 * logits.reduce((p, l, i) => (p * (x[i] === 1 ? Math.exp(l) : 1)) / (1 + Math.exp(l)), 1);
          }, 0),
        );
        const rows = tf.tile(tf.tensor2d([x]), [400, 1]);
        const mean = (samples: number): number =>
          tf.mean(boundOf(rows, [encode, decode], code, null, samples)).dataSync()[0]!;
        const bounds = [mean(1), mean(5), mean(200)];
        expect(bounds[0]!).toBeLessThan(bounds[1]!);
        expect(bounds[1]!).toBeLessThan(bounds[2]!);
        expect(bounds[2]!).toBeCloseTo(exact, 1);
      }),
    );
  });
});
