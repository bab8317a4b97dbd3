import * as tf from '@tensorflow/tfjs-core';
import {
  implicit,
  implicitBeta,
  implicitGamma,
  implicitLogGamma,
  implicitStudentT,
} from '../../../src/functions/implicit/index.js';
import {igamma} from '../../../src/functions/incompleteGamma/index.js';
import {betainc} from '../../../src/functions/incompleteBeta/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'draws as functions of their parameters',
  () => {
    it('have the value that was drawn and the slopes that are given, to second order', async () => {
      // z = a², as if it had been drawn: dz/da = 2a = 2√z, so d²z/da² = 2
      const a = tf.scalar(3);
      const z = (a: tf.Tensor) => implicit(tf.scalar(9), [a], [(_, z) => tf.mul(2, tf.sqrt(z))]);
      const found = tf.tidy(() => [z(a), tf.grad(z)(a), tf.grad(a => tf.grad(z)(a))(a)]);
      const values = await Promise.all(found.map(async t => (await t.data())[0]));
      expect(values[0]).toBe(9);
      expect(values[1]).toBeCloseTo(6, 5);
      expect(values[2]).toBeCloseTo(2, 5);
      tf.dispose([a, ...found]);
    });

    it('keep the quantile of the draw: the distribution function does not move with them', async () => {
      const [a, b, z] = [tf.scalar(1.5), tf.scalar(2), tf.scalar(0.4)];
      const moved = tf.tidy(() => [
        tf.grad(a => igamma(a, implicitGamma(a, z)))(a),
        tf.grad(a => igamma(a, tf.exp(implicitLogGamma(a, tf.log(z)))))(a),
        ...tf.grads((a: tf.Tensor, b: tf.Tensor) => betainc(a, b, implicitBeta(a, b, z)))([a, b]),
      ]);
      for (const slope of moved) expect((await slope.data())[0]).toBeCloseTo(0, 4);
      const still = tf.tidy(() => tf.grad(df => implicitStudentT(df, tf.scalar(0)))(tf.scalar(3)));
      expect((await still.data())[0]).toBeCloseTo(0, 5); // the median is 0 whatever the degrees
      tf.dispose([a, b, z, still, ...moved]);
    });
  },
  {inBrief: []},
);
