import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const {keptByFailedStep} = st.extension;

describeBackends(
  'what a failed step had kept',
  () => {
    it('is told once: the scalars of the first pass that are alive', () => {
      const v = tf.variable(tf.tidy(() => tf.zeros([2])));
      let passes = 0;
      const kept: tf.Tensor[] = [];
      const step = (bad: number): void =>
        tf.dispose(
          st.variableGrads(() => {
            const node = new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'muProp'});
            const cost = tf.sum(tf.square(node.value));
            kept.push(tf.keep(tf.sum(node.value)), tf.keep(tf.mean(node.value)), tf.keep(tf.mul(node.value, 2)));
            if (++passes === bad) throw new Error('not now');
            return cost;
          }, [v]),
        );
      keptByFailedStep();
      step(0);
      expect(keptByFailedStep()).toEqual([]); // it did not fail
      tf.dispose(kept.splice(0));
      passes = 0;
      expect(() => step(2)).toThrowError('not now');
      kept[0]!.dispose();
      expect(keptByFailedStep().map(({id}) => id)).toEqual([kept[1]!.id]);
      expect(keptByFailedStep()).toEqual([]);
      tf.dispose([kept, v]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
