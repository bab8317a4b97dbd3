import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {advantageOf, isBaseline} from '../../src/baselines/baseline.js';
import {describeBackends} from '../helpers/backends.js';
import {costOf, viewOf} from '../helpers/nodeView.js';

const by = (advantage: () => unknown): st.Baseline => ({
  kind: 'baseline',
  name: 'mine',
  config: null,
  source: 'none',
  advantage: advantage as st.Baseline['advantage'], // a user's may give anything
});

describe('a baseline', () => {
  const good = by(() => null);

  it('is told from other objects by its kind, its name and its function', () => {
    expect([good, st.none(), st.movingAverage(), st.leaveOneOut()].every(isBaseline)).toBeTrue();
    for (const bad of [null, undefined, 3, 'none', () => good, [], {}, st.scoreFunction()])
      expect(isBaseline(bad))
        .withContext(typeof bad)
        .toBeFalse();
  });

  it('has fields of the right kinds, those that may be left out among them', () => {
    const fields: Record<string, {good: unknown[]; bad: unknown[]}> = {
      kind: {good: ['baseline'], bad: [undefined, 'estimator']},
      name: {good: [''], bad: [undefined, 3]},
      advantage: {good: [() => null], bad: [undefined, {}]},
      config: {good: [null, {}], bad: [undefined, 3]},
      source: {good: [undefined, 'a paper'], bad: [3]},
      bias: {good: [undefined, 'biased'], bad: ['unbiased', true]},
      samples: {good: [undefined, 1, 4], bad: [0, 1.5, NaN, '2']},
      dispose: {good: [undefined, () => undefined], bad: [null, {}]},
    };
    for (const [field, {good: takes, bad: refuses}] of Object.entries(fields)) {
      const at = (value: unknown): boolean => isBaseline({...good, [field]: value});
      expect(takes.every(at)).withContext(field).toBeTrue();
      expect(refuses.some(at)).withContext(field).toBeFalse();
    }
  });
});

describeBackends(
  'the advantage that a baseline gives',
  () => {
    const inTidy = (f: (node: st.NodeView, cost: st.NodeCost) => void): unknown =>
      tf.tidy(() => {
        const q = new st.Independent({distribution: new st.Normal({loc: [[0], [1]], scale: 1})});
        f(viewOf(q, tf.zeros([3, 2, 1])), costOf(tf.ones([3, 2])));
      });

    it('broadcasts to the shape of the node, and is handed on as it is', () => {
      inTidy((node, cost) => {
        for (const shape of [[], [2], [3, 1], [3, 2]]) {
          const made = {advantage: tf.zeros(shape), objective: {loss: tf.scalar(0), variables: []}};
          const seen: unknown[] = [];
          const baseline = {...by(() => null), advantage: (...args: unknown[]) => (seen.push(...args), made)};
          expect(advantageOf(baseline, node, cost)).toBe(made);
          expect(seen).toEqual([node, cost]);
        }
      });
    });

    it('is refused in the name of the baseline and the node unless it is such a tensor', () => {
      const who = 'baseline "mine" at node "n": ';
      inTidy((node, cost) => {
        const gone = tf.zeros([2]);
        gone.dispose();
        for (const made of [null, undefined, 3, {}, {advantage: 3}, {advantage: gone}, tf.zeros([2])])
          expect(() =>
            advantageOf(
              by(() => made),
              node,
              cost,
            ),
          ).toThrowError(new RegExp(`^${who}must return {advantage} with a tensor that is alive, got `));
        for (const shape of [[3], [2, 2], [1, 3, 2], [4, 3, 2]])
          expect(() =>
            advantageOf(
              by(() => ({advantage: tf.zeros(shape)})),
              node,
              cost,
            ),
          ).toThrowError(new RegExp(`^${who}the advantage must broadcast to the node's shape \\[3,2\\], got `));
      });
    });
  },
  {only: ['cpu'], inBrief: []},
);
