import * as tf from '@tensorflow/tfjs-core';
import {Success} from '../../src/distributions/success.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'a success',
  () => {
    const at = [0.2, 0.5, 0.9];
    const methods: Record<string, (p: number) => number> = {
      probs: p => p,
      complement: p => 1 - p,
      logProbs: p => Math.log(p),
      logComplement: p => Math.log(1 - p),
      odds: p => p / (1 - p),
      logits: p => Math.log(p / (1 - p)),
      finiteLogits: p => Math.log(p / (1 - p)),
      entropy: p => -p * Math.log(p) - (1 - p) * Math.log(1 - p),
    };
    const given = () => [
      new Success('probs', tf.tensor1d(at)),
      new Success('logits', tf.tensor1d(at.map(p => Math.log(p / (1 - p))))),
    ];

    it('has the same of everything by its probability and by its logit', async () => {
      for (const [name, exact] of Object.entries(methods)) {
        const found = tf.tidy(() => given().map(s => s[name as 'probs']()));
        for (const t of found) {
          const values = await t.data();
          at.forEach((p, i) => expect(values[i]).withContext(`${name} of ${p}`).toBeCloseTo(exact(p), 5));
        }
        tf.dispose(found);
      }
    });

    it('diverges from another by q ln(q/p) + (1 − q) ln((1 − q)/(1 − p)), in any two parametrisations', async () => {
      const exact = (q: number, p: number) => q * Math.log(q / p) + (1 - q) * Math.log((1 - q) / (1 - p));
      const found = tf.tidy(() =>
        given().flatMap(q =>
          [new Success('probs', tf.scalar(0.4)), new Success('logits', tf.scalar(Math.log(2 / 3)))].flatMap(p => [
            q.divergenceTo(p),
            tf.mul(q.divergencePerSuccess(p), q.probs()),
          ]),
        ),
      );
      for (const t of found) {
        const values = await t.data();
        at.forEach((q, i) => expect(values[i]).toBeCloseTo(exact(q, 0.4), 5));
      }
      tf.dispose(found);
    });
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
