import * as tf from '@tensorflow/tfjs-core';
import {vonMisesDraw, vonMisesKl, vonMisesQuantile} from '../../../src/functions/circular/index.js';
import {vonMisesCdf} from '../../../src/functions/vonMises/index.js';
import {describeFunctionsOf} from '../familySuite.js';

describeFunctionsOf('circular', {vonMisesKl}, {}, () => {
  const concentration = [0.5, 2, 8];

  it('vonMisesQuantile is where the cdf has the value', async () => {
    const p = [0.1, 0.5, 0.8];
    const back = tf.tidy(() =>
      vonMisesCdf(vonMisesQuantile(tf.tensor1d(p), tf.tensor1d(concentration)), tf.tensor1d(concentration)),
    );
    const values = await back.data();
    back.dispose();
    p.forEach((exact, i) => expect(values[i]).toBeCloseTo(exact, 5));
  });

  it('vonMisesDraw is the draw, and moves with the concentration as the quantile does', async () => {
    const z = tf.tensor1d([-1, 0, 0.5]);
    const draw = (k: tf.Tensor) => vonMisesDraw(k, z);
    const k = tf.tensor1d(concentration);
    const [value, slope] = [draw(k), tf.grad(k => tf.sum(draw(k)))(k)];
    expect(Array.from(await value.data())).toEqual([-1, 0, 0.5]);
    const step = 0.05;
    const along = (by: number) => tf.tidy(() => vonMisesQuantile(vonMisesCdf(z, k), tf.add(k, by)));
    const [up, down, slopes] = [await along(step).data(), await along(-step).data(), await slope.data()];
    up.forEach((at, i) =>
      expect(slopes[i])
        .withContext(String(i))
        .toBeCloseTo((at - down[i]!) / (2 * step), 2),
    );
    tf.dispose([z, k, value, slope]);
  });
});
