import * as tf from '@tensorflow/tfjs-core';
import {implicitSample} from '../../src/distributions/implicitSample.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'a draw by its distribution function',
  () => {
    it('is itself, and moves as the quantile does, to third order', async () => {
      // exponential of rate r: x = −ln(1 − u)/r, so dx/dr = −x/r, d²x/dr² = 2x/r², d³x/dr³ = −6x/r³
      const [r, z] = [tf.scalar(2), tf.scalar(0.5)];
      const x = (r: tf.Tensor) =>
        implicitSample(
          z,
          x => tf.sub(1, tf.exp(tf.neg(tf.mul(r, x)))),
          x => tf.mul(r, tf.exp(tf.neg(tf.mul(r, x)))),
        );
      const slope = (f: (r: tf.Tensor) => tf.Tensor) => (r: tf.Tensor) => tf.grad(f)(r);
      const found = tf.tidy(() => [x(r), slope(x)(r), slope(slope(x))(r)]);
      const values = await Promise.all(found.map(async t => (await t.data())[0]!));
      [0.5, -0.25, 0.25].forEach((exact, i) => expect(values[i]).withContext(String(i)).toBeCloseTo(exact, 4));
      tf.dispose([r, z, ...found]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
