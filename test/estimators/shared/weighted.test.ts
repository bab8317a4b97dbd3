import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {weightedScore} from '../../../src/estimators/shared/weighted.js';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';
import {costOf, viewOf} from '../../helpers/nodeView.js';

describeBackends(
  'the score function of weighted samples',
  () => {
    const [logits, costs, weights] = [
      [0.3, -0.4],
      [
        [2, -3],
        [5, 0.5],
      ],
      [[0.4], [1.6]],
    ];
    const [x, p] = [
      [
        [0, 1],
        [1, 1],
      ],
      logits.map(l => 1 / (1 + Math.exp(-l))),
    ];
    const term = (theta: tf.Tensor, cost: tf.Tensor, weight: tf.Tensor): tf.Tensor =>
      weightedScore(
        viewOf(new st.Bernoulli({logits: theta}), tf.tensor2d(x), {samples: 2, weights: weight}),
        costOf(cost, null),
      ).surrogate;

    it('is weight·f(x)·log p(x), the factors held constant', async () => {
      const at = (i: number, j: number): number => (x[i]![j] === 1 ? p[j]! : 1 - p[j]!);
      const value = tf.tidy(() => term(tf.tensor1d(logits), tf.tensor2d(costs), tf.tensor2d(weights)));
      expect(value.shape).toEqual([2, 2]);
      expectNear(
        await read(value),
        costs.flatMap((row, i) => row.map((c, j) => weights[i]![0]! * c * Math.log(at(i, j)))),
        'value',
      );
      const [byTheta, byCost, byWeight] = tf.tidy(() =>
        tf.grads((theta, cost, weight) =>
          tf.addN([tf.sum(term(theta, cost, weight)), ...[theta, cost, weight].map(t => tf.mul(0, tf.sum(t)))]),
        )([tf.tensor1d(logits), tf.tensor2d(costs), tf.tensor2d(weights)]),
      );
      expectNear(
        await read(byTheta!),
        [0, 1].map(j => [0, 1].reduce((s, i) => s + weights[i]![0]! * costs[i]![j]! * (x[i]![j]! - p[j]!), 0)),
        'score',
      );
      expect(await read(byCost!)).toEqual([0, 0, 0, 0]);
      expect(await read(byWeight!)).toEqual([0, 0]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
