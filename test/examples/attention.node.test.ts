import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {policies, scatter, watcher} from '../../examples/attention.js';
import {drawDigits} from '../../examples/data/digits.js';
import {scoped, seeded} from '../../examples/frame/scope.js';

describe('hard attention', () => {
  it('pays a drawn label for being right and both draws for their entropies', async () => {
    await tf.setBackend('wasm');
    await seeded(1, () =>
      scoped(() => {
        const n = 200;
        const canvas = scatter(tf.tensor2d(Float32Array.from(drawDigits(n, 1)), [n, 784]), st.random.key(1));
        const labels = tf.mod(tf.range(0, n, 1, 'int32'), 10);
        const {cost} = watcher(policies.grid, 4, 'nvil', 0.25);
        // Both are uniform in the beginning
        const rest = tf.add(cost(canvas, labels, true), 0.25 * (Math.log(64) + Math.log(10)));
        const wrong = Array.from(rest.dataSync());
        for (const x of wrong) expect(Math.min(Math.abs(x), Math.abs(x - 1))).toBeLessThan(1e-5);
        const share = wrong.reduce((a, b) => a + b) / n;
        expect(Math.abs(share - 0.9)).toBeLessThan(4.5 * Math.sqrt(0.09 / n));
        // The other version is paid by the label's probability alone
        for (const x of cost(canvas, labels, false).dataSync()) expect(x).toBeCloseTo(Math.log(10), 5);
      }),
    );
  });
});
