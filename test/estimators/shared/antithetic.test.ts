import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {
  alongLogits,
  antitheticLogistic,
  halvesDiffer,
  locationOf,
  pairCosts,
} from '../../../src/estimators/shared/antithetic.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';
import {costOf, viewOf} from '../../helpers/nodeView.js';
import {ksPValue} from '../../helpers/statistics.js';

describeBackends(
  'antithetic pairs',
  () => {
    const logit = (p: number): number => Math.log(p / (1 - p));

    it('are of standard logistic noise and its negative, one half behind the other', async () => {
      const noise = tf.tidy(() => antitheticLogistic([6, 1000, 2], st.random.key(5)));
      expect(noise.shape).toEqual([6, 1000, 2]);
      const values = await read(noise);
      const first = values.slice(0, 6000);
      expect(values.slice(6000)).toEqual(first.map(v => -v));
      expect(ksPValue(first, z => 1 / (1 + Math.exp(-z)))).toBeGreaterThan(0.001);
      expect(new Set(first).size).toBeGreaterThan(5990);
    });

    it('differ by the first half less the second, of whatever dtype', async () => {
      const bits = tf.tidy(() => halvesDiffer(tf.tensor2d([1, 0, 1, 1, 1, 0, 0, 1], [4, 2], 'bool')));
      expect([bits.shape, bits.dtype]).toEqual([[2, 2], 'float32']);
      expect(await read(bits)).toEqual([0, 0, 1, 0]);
    });

    it('have the difference of their costs, with axes of size 1 for the event', async () => {
      const q = new st.Independent({distribution: new st.Bernoulli({logits: [[0, 0, 0]]})});
      const view = viewOf(q, tf.zeros([4, 1, 3]), {samples: 4});
      const cost = tf.tensor2d([[1], [2], [7], [4]]);
      const differences = tf.tidy(() => pairCosts('disarm', view, costOf(cost)));
      expect(differences.shape).toEqual([2, 1, 1]);
      expect(await read(differences)).toEqual([-6, -2]);
      expect(tf.tidy(() => pairCosts('disarm', view, costOf(cost), 4)).shape).toEqual([2, 1, 1, 1]);
      expect(() => tf.tidy(() => pairCosts('disarm', view, costOf(cost, null)))).toThrowError(
        /^disarm at node "n": the costs must keep the sample axis of size 4/,
      );
    });

    it('are centred at the logits, however those were given, with axes in front up to a rank', async () => {
      const probs = [0.2, 0.7];
      for (const q of [new st.Bernoulli({probs}), new st.Bernoulli({logits: probs.map(logit)})]) {
        const location = tf.tidy(() => locationOf(q, 3));
        expect(location.shape).toEqual([1, 1, 2]);
        expectNear(await read(location), probs.map(logit), 'location');
      }
      const classes = tf.tidy(() => locationOf(new st.Categorical({probs: [[0.5, 0.5, 0]]}), 2));
      expect(classes.shape).toEqual([1, 3]);
      expect((await read(classes)).every(Number.isFinite)).toBeTrue();
    });

    it('have terms linear in the logit, with the slope that is given, the slope held constant', async () => {
      const slope = tf.tensor3d([[[1, -2]], [[0.5, 4]]]);
      const term = (logits: tf.Tensor, s: tf.Tensor): tf.Tensor => {
        const q = new st.Independent({distribution: new st.Bernoulli({logits}), reinterpretedBatchNdims: 1});
        return alongLogits(viewOf(q, tf.zeros([2, 1, 2])), s);
      };
      const logits = tf.tensor2d([[0.3, -0.9]]);
      const value = tf.tidy(() => term(logits, slope));
      expect(value.shape).toEqual([2, 1]);
      expectNear(await read(value), [0.3 + 1.8, 0.15 - 3.6], 'term');
      const [byLogits, bySlope] = tf.tidy(() =>
        tf.grads((l, s) => tf.add(tf.sum(term(l, s)), tf.mul(0, tf.sum(s))))([logits, slope]),
      );
      expectNear(await read(byLogits!), [1.5, 2], 'slopes');
      expect(await read(bySlope!)).toEqual([0, 0, 0, 0]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
