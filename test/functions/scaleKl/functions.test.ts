import * as tf from '@tensorflow/tfjs-core';
import * as scaleKl from '../../../src/functions/scaleKl/index.js';
import {expectClose} from '../functionSuite.js';
import {describeFunctionsOf} from '../familySuite.js';

const {cauchyKl, gumbelKl, laplaceKl, normalKl, uniformKl, weibullKl, ...others} = scaleKl;
type Kl = typeof normalKl;
const ofFour =
  (kl: Kl) =>
  (m: tf.Tensor, s: tf.Tensor, n: tf.Tensor, t: tf.Tensor): tf.Tensor =>
    kl([m, s], [n, t]);

describeFunctionsOf(
  'scaleKl',
  {
    ...others,
    cauchyKl: ofFour(cauchyKl),
    gumbelKl: ofFour(gumbelKl),
    laplaceKl: ofFour(laplaceKl),
    normalKl: ofFour(normalKl),
  },
  {},
  () => {
    it('uniformKl is ln of the ratio of lengths, ∞ where the first leaves the second', async () => {
      const pair = (low: number[], high: number[]) => [tf.tensor1d(low), tf.tensor1d(high)] as const;
      const found = tf.tidy(() => uniformKl(pair([0, 0, -1], [1, 1, 1]), pair([0, -1, 0], [1, 3, 2])));
      expectClose(await found.data(), [0, Math.log(4), Infinity], i => `row ${i}`, {});
      found.dispose();
    });

    it('weibullKl of concentrations 1 is that of exponential distributions', async () => {
      const one = tf.tensor1d([1, 1]);
      const at = (rates: number[]) => tf.div(1, tf.tensor1d(rates)); // scales
      const found = tf.tidy(() => weibullKl([one, at([2, 0.5])], [one, at([0.5, 4])]));
      const exact = [2 / 0.5, 0.5 / 4].map(ratio => Math.log(ratio) + 1 / ratio - 1);
      expectClose(await found.data(), exact, i => `row ${i}`, {});
      tf.dispose([one, found]);
    });
  },
);
