import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {expectationUnder, magicBox} from '../../src/distributions/expectationUnder.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'means over draws',
  () => {
    it('have the exact value and gradient as their mean, reparameterised or by the score', async () => {
      const n = 40_000;
      const square = (x: tf.Tensor) => tf.square(tf.sub(x, 0.3));
      // E (x − 0.3)²: of Normal(m, 1) by m, 2(m − 0.3); of Bernoulli(σ(l)) by l, p(1 − p)(0.49 − 0.09)
      const p = 1 / (1 + Math.exp(-0.4));
      const cases: Array<[(t: tf.Tensor) => st.Distribution, number]> = [
        [t => new st.Normal({loc: t, scale: 1}), 2 * (0.4 - 0.3)],
        [t => new st.Bernoulli({logits: t}), p * (1 - p) * 0.4],
      ];
      for (const [make, exact] of cases) {
        const theta = tf.scalar(0.4);
        const slope = tf.grad(t => expectationUnder(make(t), n, st.random.key(3), square))(theta);
        expect(Math.abs((await slope.data())[0]! - exact)).toBeLessThan((4.5 * 2.2) / Math.sqrt(n));
        tf.dispose([theta, slope]);
      }
    });

    it('magicBox is 0 in value, and nothing for what is reparameterised', async () => {
      const x = tf.scalar(1);
      const box = tf.tidy(() => magicBox(new st.Bernoulli({logits: 0.4}), x)!);
      expect((await box.data())[0]).toBe(0);
      expect(magicBox(new st.Normal({loc: 0, scale: 1}), x)).toBeNull();
      tf.dispose([x, box]);
    });
  },
  {only: ['wasm'], inBrief: []},
);
