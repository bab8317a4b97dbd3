import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {relaxedEstimator, straighten} from '../../../src/estimators/shared/relaxed.js';
import {softenable} from '../../../src/estimators/shared/requirements.js';
import {describeBackends} from '../../helpers/backends.js';
import {read} from '../../helpers/near.js';
import {viewOf} from '../../helpers/nodeView.js';

describeBackends(
  'an estimator with a soft value',
  () => {
    const key = st.random.key(1);
    const seen: unknown[] = [];
    let disposed = 0;
    const part = {
      name: 'soft',
      config: {temperature: 2},
      source: 'nowhere',
      value: (...args: unknown[]) => (seen.push(...args), tf.scalar(7)),
      dispose: () => void disposed++,
    };

    it('is biased, differentiable, of one evaluation, and of what softens unless it says otherwise', () => {
      const made = relaxedEstimator(part);
      expect([made.kind, made.needs, made.bias, made.evaluations, made.differentiable]).toEqual([
        'estimator',
        'relaxation',
        'biased',
        1,
        true,
      ]);
      expect([made.name, made.source, made.config]).toEqual(['soft', 'nowhere', {temperature: 2}]);
      expect(made.requires).toBe(softenable);
      const requires = {rule: 'a coin', accepts: () => true};
      expect(relaxedEstimator({...part, requires}).requires).toBe(requires);
      made.dispose!();
      expect(disposed).toBe(1);
    });

    it('draws what `value` makes of the distribution and its relaxation', async () => {
      const q = new st.Bernoulli({logits: 0.3});
      const {value} = relaxedEstimator(part).draw!(q, [2], key);
      expect(await read(value)).toEqual([7]);
      expect(seen.length).toBe(4);
      const [distribution, relaxation, shape, k] = seen as [
        st.Bernoulli,
        st.Bernoulli['relaxation'],
        number[],
        st.random.Key,
      ];
      expect(distribution).toBe(q);
      expect(relaxation).toEqual(jasmine.objectContaining({harden: jasmine.any(Function)}));
      expect([shape, k]).toEqual([[2], key]);
    });

    it('refuses a distribution without one, and a term', () => {
      const made = relaxedEstimator(part);
      const normal = new st.Normal({loc: 0, scale: 1});
      expect(() => made.draw!(normal, [], key)).toThrowError(`soft: needs ${softenable.rule}, got "Normal"`);
      const view = viewOf(normal, tf.scalar(0));
      expect(() => made.combine(view, {total: view.value, perSample: null}, undefined as never)).toThrowError(
        'soft: node "n" needs no surrogate term',
      );
      view.value.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);

describeBackends(
  'a hard value with a soft derivative',
  () => {
    it('is the hard one, to the bit, and has the derivative of the soft one, broadcast', async () => {
      const hard = tf.tensor2d([
        [0, 1],
        [1, 0],
      ]);
      const logits = tf.tensor1d([0.123, -4.567]);
      const f = (t: tf.Tensor): tf.Tensor => straighten(hard, tf.sigmoid(t));
      expect(await read(tf.tidy(() => f(logits)))).toEqual([0, 1, 1, 0]);
      const slope = await read(tf.tidy(() => tf.grad(t => tf.sum(f(t)))(logits)));
      [0.123, -4.567].forEach((x, i) => {
        const p = 1 / (1 + Math.exp(-x));
        expect(slope[i]).toBeCloseTo(2 * p * (1 - p), 5);
      });
      tf.dispose([hard, logits]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
