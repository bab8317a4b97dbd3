import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {spreadOverEvent, sumOverEvent} from '../../../src/estimators/shared/events.js';
import {describeBackends} from '../../helpers/backends.js';
import {read} from '../../helpers/near.js';
import {viewOf} from '../../helpers/nodeView.js';

describeBackends(
  'event axes',
  () => {
    it('are summed, all that lie behind the node’s shape, of a value and of something with more axes', async () => {
      const q = new st.Independent({distribution: new st.Normal({loc: [[0, 0, 0]], scale: 1})});
      const view = viewOf(q, tf.zeros([2, 1, 3]));
      expect(view.shape).toEqual([2, 1]);
      const value = tf.tensor3d([[[1, 2, 3]], [[4, 5, 6]]]);
      const sum = tf.tidy(() => sumOverEvent(view, value));
      expect(sum.shape).toEqual([2, 1]);
      expect(await read(sum)).toEqual([6, 15]);
      const classes = tf.tidy(() => sumOverEvent(view, tf.stack([value, tf.mul(value, 10)], -1)));
      expect(classes.shape).toEqual([2, 1]);
      expect(await read(classes)).toEqual([66, 165]);
      const none = tf.ones([2, 1]);
      expect(sumOverEvent(view, none)).toBe(none);
    });

    it('are put behind a tensor of the node’s shape, each of size 1', () =>
      tf.tidy(() => {
        const x = tf.zeros([2, 5]);
        expect(spreadOverEvent(x, 4).shape).toEqual([2, 5, 1, 1]);
        expect(spreadOverEvent(x, 2)).toBe(x);
      }));
  },
  {only: ['cpu'], inBrief: []},
);
