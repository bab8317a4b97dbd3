import * as tf from '@tensorflow/tfjs-core';
import * as bessel from '../../../src/functions/bessel/index.js';
import {expectClose} from '../functionSuite.js';
import {describeGroup} from '../groupSuite.js';
import {besselReference} from '../reference/elementary.js';

describeGroup('bessel', {functions: bessel, reference: besselReference, zeros: {i1e: 1e-7}}, () => {
  it('takes the derivative of i0e at 0 as 0, and knows that of i1e', async () => {
    const slope = (f: (x: tf.Tensor) => tf.Tensor) =>
      tf
        .grad(x => tf.sum(f(x)))(tf.tensor1d([0]))
        .data();
    expectClose(await slope(bessel.i0e), [0], () => 'i0e', {});
    expectClose(await slope(bessel.i1e), [0.5], () => 'i1e', {});
  });
});
