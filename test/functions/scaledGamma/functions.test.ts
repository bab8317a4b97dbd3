import * as tf from '@tensorflow/tfjs-core';
import {
  scaledGamma,
  scaledGammaDraw,
  scaledGammaQuantile,
  type GammaScale,
  type GammaQuantity,
} from '../../../src/functions/scaledGamma/index.js';
import {describeFunctionsOf} from '../familySuite.js';

const [kinds, forms]: [GammaQuantity[], GammaScale[]] = [
  ['LogDensity', 'Lower', 'Upper', 'LogLower', 'LogUpper'],
  ['Rate', 'LogRate', 'Scale'],
];

describeFunctionsOf(
  'scaledGamma',
  Object.fromEntries(
    forms.flatMap(by =>
      kinds.map(of => [`${of}.${by}`, (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => scaledGamma(of, by, x, a, b)]),
    ),
  ),
  {},
  () => {
    it('scaledGammaQuantile undoes the cdf, and scaledGammaDraw keeps it', async () => {
      for (const by of forms) {
        const [x, a, b] = [tf.tensor1d([0.75, 1.5]), tf.tensor1d([1.5, 3]), tf.tensor1d([2, 0.5])];
        const cdf = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
          scaledGamma(by === 'Scale' ? 'Upper' : 'Lower', by, x, a, b);
        const back = tf.tidy(() => scaledGammaQuantile(by, cdf(x, a, b), a, b));
        const [values, draw] = [await back.data(), scaledGammaDraw(by, x, a, b)];
        [0.75, 1.5].forEach((exact, i) => expect(values[i]).withContext(by).toBeCloseTo(exact, 4));
        expect(Array.from(await draw.data())).toEqual([0.75, 1.5]);
        const kept = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(cdf(scaledGammaDraw(by, x, a, b), a, b)))([a, b]);
        for (const slope of kept) for (const s of await slope.data()) expect(s).withContext(by).toBeCloseTo(0, 4);
        tf.dispose([x, a, b, back, draw, ...kept]);
      }
    });
  },
);
