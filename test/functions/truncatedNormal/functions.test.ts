import * as tf from '@tensorflow/tfjs-core';
import {
  lowerAgainst,
  truncatedDraw,
  truncatedLogCdf,
  truncatedLogMean,
  truncatedMoment,
  truncatedQuantile,
  upperAgainst,
} from '../../../src/functions/truncatedNormal/index.js';
import {describeFunctionsOf} from '../familySuite.js';

describeFunctionsOf('truncatedNormal', {truncatedLogMean, truncatedMoment}, {relative: 5e-6}, () => {
  const [s, p, q] = [0.5, 0, 1.5]; // the mode is at 0, where the interval begins

  it('truncatedQuantile undoes truncatedLogCdf, from below and from above', async () => {
    for (const v of [0.2, 0.7, -0.3]) {
      const d = truncatedQuantile(v, s, p, q);
      const logCdf = tf.tidy(() => truncatedLogCdf(d, tf.add(d, p), s, p, q));
      expect(Math.exp((await logCdf.data())[0]!)).toBeCloseTo(v > 0 ? v : 1 + v, 4);
      tf.dispose([d, logCdf]);
    }
  });

  it('lowerAgainst and upperAgainst are ratios of weights', async () => {
    const weight = (t: number) => Math.exp(-s * t - (t * t) / 2);
    const found = tf.tidy(() => [
      lowerAgainst(tf.scalar(0.25), tf.scalar(s), tf.scalar(p)),
      upperAgainst(tf.scalar(0.25), tf.scalar(s), tf.scalar(q)),
    ]);
    expect((await found[0]!.data())[0]).toBeCloseTo(weight(-p) / weight(0.25), 5);
    expect((await found[1]!.data())[0]).toBeCloseTo(weight(q) / weight(0.25), 5);
    tf.dispose(found);
  });

  it('truncatedDraw moves with its parameters as the quantile does', async () => {
    const [v, step] = [tf.scalar(0.7), 0.02];
    // where the weight falls from the lower end on, that does not move; where the mode lies inside, s stays 0
    const cases = [
      {at: [s, p, q], moves: [0, 2]},
      {at: [0, 1, 2], moves: [1, 2]},
    ] as const;
    for (const {at, moves} of cases) {
      const parameters = at.map(x => tf.scalar(x));
      const slopes = tf.grads((s: tf.Tensor, p: tf.Tensor, q: tf.Tensor) => truncatedDraw(v, s, p, q))(parameters);
      for (const i of moves) {
        const moved = async (by: number) => {
          const [a, b, c] = at.map((x, j) => (i === j ? x + by : x)) as [number, number, number]; // as many
          const t = truncatedQuantile(0.7, a, b, c);
          const [value] = await t.data();
          t.dispose();
          return value!;
        };
        const slope = (await slopes[i]!.data())[0]!;
        const exact = ((await moved(step)) - (await moved(-step))) / (2 * step);
        expect(slope)
          .withContext(`${at.join(', ')} by ${i}`)
          .toBeCloseTo(exact, 2);
      }
      tf.dispose([...parameters, ...slopes]);
    }
    v.dispose();
  });
});
