import * as tf from '@tensorflow/tfjs-core';
import * as gammaKl from '../../../src/functions/gammaKl/index.js';
import {familiesReference} from '../reference/families.js';
import {expectClose} from '../functionSuite.js';
import {describeFunctionsOf} from '../familySuite.js';

const {dirichletKlTerm, ...others} = gammaKl;

describeFunctionsOf('gammaKl', others, {}, () => {
  it('dirichletKlTerm sums to the divergence: of two classes to that of two betas', async () => {
    const {inputs, value} = familiesReference.gammaKl.betaKl;
    const found = tf.tidy(() => {
      const [q, p] = [tf.stack([inputs.a, inputs.b], 1), tf.stack([inputs.c, inputs.d], 1)];
      const [total, other] = [tf.sum(q, -1, true), tf.sum(p, -1, true)];
      return tf.sum(dirichletKlTerm(q, p, {total, other, change: tf.sub(other, total)}), -1);
    });
    expectClose(await found.data(), value, i => `row ${i}`, {});
    found.dispose();
  });
});
