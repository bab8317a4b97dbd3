import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {alongLead, externalNodes, knownLead, outsideOf, readDependsOn} from '../../src/graph/dependsOn.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends(
  'what something depends on',
  () => {
    const node = (): st.DistributionTensor => new st.DistributionTensor(new st.Bernoulli({logits: [0, 1]}));

    it('is read as nodes and tensors, in their order, up to the first that is neither', () => {
      tf.tidy(() => {
        const [a, b, x] = [node(), node(), tf.zeros([2])];
        expect(readDependsOn('f', [a, x, b])).toEqual({nodes: [a, b], tensors: [x]});
        expect(readDependsOn('f', x)).toEqual({nodes: [], tensors: [x]});
        expect(readDependsOn('f', [], true)).toEqual({nodes: [], tensors: []});
        expect(() => readDependsOn('f', [])).toThrowError(/^f: dependsOn must name at least one/);
        expect(() => readDependsOn('f', [a, , x] as never)).toThrowError(
          /^f: dependsOn: must be a Dist.*got undefined/,
        );
        expect(() => readDependsOn('f', new Array<never>(2 ** 32 - 1))).toThrowError(/got undefined/);
      });
    });

    it('is noted with the leading axes', () => {
      tf.tidy(() => {
        const a = node();
        const cost = st.cost([1, 2], {dependsOn: a});
        const state = st.carry(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          {dependsOn: a},
        );
        expect([a.value, cost, state, tf.zeros([2])].map(knownLead)).toEqual([1, 1, 1, null]);
        expect(externalNodes(state)).toEqual([a]);
        expect(
          [cost, st.cost([1, 2], {dependsOn: a, only: true}), state].map(t => outsideOf(t)!.judge !== null),
        ).toEqual([true, false, false]);
      });
    });

    it('of other axes and of other sizes is put along the leading axes', async () => {
      const x = tf.tensor3d([[[1, 2]], [[3, 4]]]); // [2, 1, 2]
      expect(await read(alongLead(x, {axes: 1, from: 0}, [2, 2]))).toEqual([3, 3, 7, 7]);
      expect(await read(alongLead(x, {axes: 2, from: 0}, [2, 3]))).toEqual([3, 3, 3, 7, 7, 7]);
      expect(await read(alongLead(x, {axes: 1, from: 0}, [1]))).toEqual([10]);
      expect(await read(alongLead(x, {axes: 0, from: 0}, []))).toEqual([10]);
      expect(await read(alongLead(x, {axes: 1, from: 1}, [2, 2]))).toEqual([3, 7, 3, 7]);
      expect(await read(alongLead(x, {axes: 2, from: -1}, [1, 2]))).toEqual([10, 10]);
      x.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
