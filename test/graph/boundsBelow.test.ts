import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {boundsBelow, boundsOver, boundsSuffice, isConstantIn, splitShape} from '../../src/graph/boundsBelow.js';
import {describeBackends} from '../helpers/backends.js';
import {viewOf} from '../helpers/nodeView.js';
import {expectNear, read} from '../helpers/near.js';
import {link, withTape} from './upstream.js';

describeBackends(
  'the bounds below a node',
  () => {
    const K = 3;
    const make = (w: tf.Tensor, name = 'z'): st.DistributionTensor =>
      new st.DistributionTensor(new st.Normal({loc: w, scale: 1}), {
        estimator: st.vimco({samples: K}),
        name,
        key: st.random.key(3),
      });

    it('are those over its own samples that its draw bears on', () => {
      withTape([0.1, 0.2], w => {
        const [z, other] = [make(w), make(w, 'other')];
        const own = st.multiSampleBound(tf.square(z.value));
        const same = st.multiSampleBound(tf.sin(z.value));
        st.multiSampleBound(tf.square(other.value));
        st.multiSampleBound(tf.concat([z.value, z.value])); // over six
        const view = link(z).term!.view;
        expect(boundsOver(link(z), view)).toEqual([own, same]);
        expect(boundsOver(link(other), link(other).term!.view).length).toBe(1);
      });
    });

    it('suffice where the draw bears on the costs through them alone', () => {
      withTape([0.1, 0.2], w => {
        const z = make(w);
        const bound = st.multiSampleBound(tf.square(z.value));
        const beside = tf.mean(z.value, 0);
        const suffice = (...costs: tf.Tensor[]): boolean => boundsSuffice(link(z), link(z).term!.view, costs);
        expect([suffice(tf.mul(bound, 2)), suffice(tf.mul(w, 2))]).toEqual([true, true]);
        expect([suffice(beside), suffice(tf.add(bound, beside)), suffice(bound, beside)]).toEqual([
          false,
          false,
          false,
        ]);
        expect([isConstantIn(link(z), [w, tf.exp(w)]), isConstantIn(link(z), [w, bound])]).toEqual([true, false]);
      });
    });

    it('say how the cost follows them, and they their samples', async () => {
      const kept = withTape([0.1, 0.2], w => {
        const z = make(w);
        const logWeights = tf.mul(tf.square(z.value), -0.5);
        const bound = st.multiSampleBound(logWeights);
        const cost = tf.sum(tf.mul(bound, [2, 5]));
        const [below] = boundsBelow('f', link(z), link(z).term!.view, {cost, perSample: null, logProbs: []});
        expect([below!.isMean, below!.isLinear]).toEqual([false, true]);
        const curved = tf.sum(tf.square(bound));
        const [other] = boundsBelow('f', link(z), link(z).term!.view, {cost: curved, perSample: null, logProbs: []});
        expect(other!.isLinear).toBeFalse();
        const perSample = tf.add(tf.mul(z.value, 2), bound);
        expect(() =>
          boundsBelow('f', link(z), link(z).term!.view, {cost: tf.sum(perSample), perSample, logProbs: []}),
        ).toThrowError(/^f: a cost that keeps the sample axis holds a multi-sample bound over it/);
        return [
          z.value,
          below!.weights,
          below!.slope,
          below!.logProbSlope,
          below!.gradient(tf.ones([K, 2])),
          bound,
          other!.slope,
        ];
      });
      const [z, weights, slope, logProbSlope, gradient, bound, otherSlope] = (await Promise.all(
        kept.map(read),
      )) as number[][] & {length: 7};
      const e = z!.map(v => Math.exp(-0.5 * v * v));
      expectNear(
        weights!,
        e.map((v, i) => v / (e[i % 2]! + e[2 + (i % 2)]! + e[4 + (i % 2)]!)),
        'weights',
      );
      expect(slope).toEqual([2, 5]);
      expect(logProbSlope).toEqual(new Array(6).fill(0));
      expectNear(
        gradient!,
        z!.map(v => -v),
        'gradient',
      );
      expectNear(
        otherSlope!,
        bound!.map(v => 2 * v),
        'slope',
      );
    });

    it('know how the weights follow log-densities that were given out', async () => {
      const kept = withTape([0.1, 0.2], w => {
        const z = make(w);
        const logProb = tf.mul(z.value, 1);
        const bound = st.multiSampleBound(tf.sub(tf.square(z.value), logProb));
        const [below] = boundsBelow('f', link(z), link(z).term!.view, {
          cost: tf.sum(bound),
          perSample: null,
          logProbs: [logProb],
        });
        return [below!.logProbSlope];
      });
      expect(await read(kept[0]!)).toEqual(new Array(6).fill(-1));
    });

    it('see the sample axis where it is merged into the batch', () =>
      tf.tidy(() => {
        const q = new st.Normal({loc: tf.zeros([6]), scale: 1});
        expect(splitShape(viewOf(q, tf.zeros([6]), {samples: 3}))).toEqual([3, 2]);
        expect(splitShape(viewOf(q, tf.zeros([3, 6]), {samples: 3}))).toEqual([3, 6]);
        expect(splitShape(viewOf(q, tf.zeros([6])))).toEqual([6]);
      }));
  },
  {only: ['cpu'], inBrief: []},
);
