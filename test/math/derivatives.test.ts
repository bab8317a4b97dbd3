import * as tf from '@tensorflow/tfjs-core';
import {derivatives, isUpstream} from '../../src/math/derivatives.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'derivatives of what is on the tape',
  () => {
    it('are ∂Σy/∂x, zeros where no path leads, and can be differentiated again', async () => {
      const x = tf.tensor1d([1, 2, 3]);
      // of Σ x³ it is 3x²; the gradient of its sum is 6x
      const second = tf.grad(x => {
        const y = tf.mul(tf.square(x), x);
        const apart = tf.ones([2]);
        const [first, none] = derivatives(y, [x, apart]);
        expect(Array.from(none!.dataSync())).toEqual([0, 0]);
        expect(Array.from(first!.dataSync())).toEqual([3, 12, 27]);
        expect(isUpstream(x, y)).toBeTrue();
        expect(isUpstream(y, y)).toBeTrue();
        expect(isUpstream(apart, y)).toBeFalse();
        return tf.sum(first!);
      })(x);
      expect(Array.from(await second.data())).toEqual([6, 12, 18]);
      tf.dispose([x, second]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
