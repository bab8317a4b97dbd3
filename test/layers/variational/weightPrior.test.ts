import * as tf from '@tensorflow/tfjs-core';
import {dropoutDivergence} from '../../../layers/variational/weightPrior.js';
import {describeBackends} from '../../helpers/backends.js';

/**
 * For ln α: eq. 14 of Molchanov et al. (2017), and ½ψ-series of the divergence itself, checked by quadrature of
 * E ln |N(1, α)|; mpmath, 40 digits.
 */
const values: ReadonlyArray<[logAlpha: number, approximation: number, exact?: number]> = [
  [-100, 50.63576],
  [-30, 15.63576],
  [-10, 5.6357812571],
  [-4, 2.63420831406, 2.625754932],
  [-2, 1.54053274124, 1.544154645],
  [-1, 0.913872285016, 0.9145313097],
  [0, 0.43123895099, 0.4266856043],
  [0.5, 0.280316535247, 0.2749351229],
  [2, 0.0684165460374, 0.06616848546],
  [5, 0.0034153326315, 0.003365193569],
  [10, 2.27334928538e-5, 2.269979312e-5],
  [30, 4.67881189799e-14, 4.678811484e-14],
];

describeBackends(
  'the divergence of variational dropout from the log-uniform prior',
  () => {
    it('is that of the formula, and within its accuracy that of the distributions', async () => {
      for (const [logAlpha, approximation, exact = approximation] of values) {
        const kl = tf.tidy(() => dropoutDivergence(tf.fill([2], logAlpha), 2));
        const [got] = await kl.data();
        kl.dispose();
        const context = `ln α = ${logAlpha}`;
        expect(Math.abs(got! / 2 - approximation))
          .withContext(context)
          .toBeLessThan(2e-6 * Math.max(1, approximation));
        expect(Math.abs(got! / 2 - exact))
          .withContext(context)
          .toBeLessThan(0.0095);
      }
    });

    it('counts each weight where all share one rate, and falls with slopes that are finite everywhere', async () => {
      const shared = tf.tidy(() => dropoutDivergence(tf.scalar(0), 7));
      expect((await shared.data())[0]).toBeCloseTo(7 * 0.43123895099, 5);
      const slopes = tf.grad(x => dropoutDivergence(x, values.length))(tf.tensor1d(values.map(([x]) => x)));
      const numbers = Array.from(await slopes.data());
      // −k₁k₃σ(1 − σ) − ½/(1 + α)
      const exact = values.map(([x]) => {
        const s = 1 / (1 + Math.exp(-1.8732 - 1.48695 * x));
        return -0.63576 * 1.48695 * s * (1 - s) - 0.5 / (1 + Math.exp(x));
      });
      numbers.forEach((slope, i) => expect(slope).withContext(`ln α = ${values[i]![0]}`).toBeCloseTo(exact[i]!, 5));
      tf.dispose([shared, slopes]);
    });
  },
  {inBrief: ['webgl']},
);
