import * as tf from '@tensorflow/tfjs-core';
import {defaultAdam} from '../../src/optimizers/defaultAdam.js';
import {describeBackends} from '../helpers/backends.js';

describeBackends(
  'the default optimizer',
  () => {
    it('is Adam with one epsilon on every backend: a first step of learning rate g/(|g| + ε)', async () => {
      const [w, adam] = [tf.variable(tf.scalar(0)), defaultAdam(0.5)];
      const gradient = 1e-6; // an epsilon of 1e-4 would show
      const g = tf.scalar(gradient);
      adam.applyGradients([{name: w.name, tensor: g}]);
      expect((await w.data())[0]).toBeCloseTo((-0.5 * gradient) / (gradient + 1e-7), 2);
      g.dispose();
      adam.dispose();
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
