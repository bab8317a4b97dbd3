import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {checkSampleCosts, sampleCosts} from '../../src/baselines/sampleCosts.js';
import {describeBackends} from '../helpers/backends.js';
import {read, withoutLeak} from '../helpers/near.js';
import {costOf, viewOf} from '../helpers/nodeView.js';

describeBackends(
  'the costs of samples',
  () => {
    const node = (samples: number, shape: number[]): st.NodeView =>
      viewOf(new st.Normal({loc: 0, scale: 1}), tf.zeros(shape), {samples, shape});

    it('are one row for each sample, also where the sample axis is merged into the batch', async () => {
      const rows = [1, 2, 3, 4, 5, 6];
      for (const [shape, k, wanted] of [
        [[3, 2], 3, [3, 2]],
        [[6], 3, [3, 2]],
        [[6], 2, [2, 3]],
        [[3, 1, 2], 3, [3, 2]],
      ] as const) {
        const t = tf.tidy(() => sampleCosts('loo', node(k, [...shape]), costOf(tf.tensor(rows, [...shape]))));
        expect(t.shape).toEqual([...wanted]);
        expect(await read(t)).toEqual(rows);
      }
      // what broadcasts to the node's shape stays as small as it is
      const small = tf.tidy(() => sampleCosts('loo', node(3, [3, 2]), costOf(tf.tensor2d([[1], [2], [3]]))));
      expect(small.shape).toEqual([3, 1]);
      small.dispose();
    });

    it('are those that keep the axis, not the total', async () => {
      const [total, own, view] = [tf.tensor1d([9, 9]), tf.tensor1d([1, 2]), node(2, [2])];
      expect(checkSampleCosts('loo', view, costOf(total, own))).toBe(own);
      expect(await read(withoutLeak('sampleCosts', () => sampleCosts('loo', view, costOf(total, own))))).toEqual([
        1, 2,
      ]);
      tf.dispose([total, own, view.value]);
    });

    it('are refused where there are too few, or some cost has lost the axis', () =>
      tf.tidy(() => {
        const cost = costOf(tf.zeros([3]));
        for (const f of [checkSampleCosts, sampleCosts]) {
          expect(() => f('loo', node(1, [3]), cost)).toThrowError('loo at node "n": needs at least 2 samples, got 1');
          expect(() => f('loo', node(3, [3]), cost, 4)).toThrowError(
            'loo at node "n": needs at least 4 samples, got 3',
          );
          expect(() => f('loo', node(1, [3]), cost, 1)).not.toThrow();
          expect(() => f('loo', node(3, [3]), costOf(tf.zeros([1]), null))).toThrowError(
            'loo at node "n": the costs must keep the sample axis of size 3, so that each sample has its own cost, ' +
              'got a float32 tensor of shape [1]',
          );
        }
      }));
  },
  {only: ['cpu'], inBrief: []},
);
