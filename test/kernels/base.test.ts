import * as tf from '@tensorflow/tfjs-core';
import {ensureBase} from '../../src/kernels/base.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'what every part of the library mends',
  backend => {
    it('are gradients that can be taken twice, and kernels, put in place once', async () => {
      ensureBase();
      const kernel = tf.getKernel('Cumsum', backend);
      ensureBase();
      expect(tf.getKernel('Cumsum', backend)).toBe(kernel);
      // d²/dx² of x·eˣ is (x + 2)·eˣ, which tfjs alone has wrong
      const x = tf.scalar(0.7);
      const second = tf.tidy(() => tf.grad(x => tf.grad(x => tf.mul(x, tf.exp(x)))(x))(x));
      expect((await second.data())[0]).toBeCloseTo(2.7 * Math.exp(0.7), 4);
      tf.dispose([x, second]);
    });
  },
  {inBrief: []},
);
