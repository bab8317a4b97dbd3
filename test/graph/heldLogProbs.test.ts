import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {checkHeldLogProbs, heldLogProbs, noteHeldLogProb} from '../../src/graph/heldLogProbs.js';
import {describeBackends} from '../helpers/backends.js';
import {upstream, withTape} from './upstream.js';

describeBackends(
  'log-densities with the parameters held constant',
  () => {
    const node = (w: tf.Tensor, estimator: st.Estimator): st.DistributionTensor =>
      new st.DistributionTensor(new st.Normal({loc: w, scale: 1}), {estimator, name: 'z'});

    it('are noted for each node, every one, and none of others', () => {
      withTape([0.1, 0.2], w => {
        const [z, other] = [node(w, st.stl()), node(w, st.pathwise())];
        const [one, two] = [z.logProb(), z.logProb()];
        other.logProb();
        expect(heldLogProbs(z)).toEqual([one, two]);
        expect(heldLogProbs(other)).toEqual([]);
        const made = tf.scalar(1);
        noteHeldLogProb(other, made);
        expect(heldLogProbs(other)).toEqual([made]);
      });
    });

    it('may be what costs are linear in, with slopes that no draw bears on', () => {
      withTape([0.1, 0.2], w => {
        const z = node(w, st.stl());
        const logProb = z.logProb();
        const linear = [
          tf.sub(logProb, tf.square(z.value)),
          tf.mul(logProb, 3),
          tf.mul(logProb, w),
          tf.square(z.value),
        ];
        for (const cost of linear) expect(() => checkHeldLogProbs([cost], upstream(cost))).not.toThrow();
        const rule = /^node "z": its estimator leaves the score out of logProb\(\), so the costs must be linear in it/;
        for (const cost of [tf.square(logProb), tf.mul(logProb, z.value), tf.exp(logProb)]) {
          expect(() => checkHeldLogProbs([cost], upstream(cost))).toThrowError(rule);
          expect(() => checkHeldLogProbs([linear[0]!, cost], upstream(linear[0]!, cost))).toThrowError(rule);
        }
      });
    });

    it('are the node’s own care in a bound over its samples', () => {
      withTape([0.1, 0.2], w => {
        const z = node(w, st.dreg({samples: 3}));
        const bound = tf.neg(st.multiSampleBound(tf.sub(tf.square(z.value), z.logProb())));
        expect(heldLogProbs(z).length).toBe(1);
        expect(() => checkHeldLogProbs([bound], upstream(bound))).not.toThrow();
      });
    });
  },
  {only: ['cpu'], inBrief: []},
);
