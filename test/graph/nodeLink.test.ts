import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {linkNode, linkOf, linkOfValue, nodeOfView, serve, settleLink, type NodeLink} from '../../src/graph/nodeLink.js';
import {describeBackends} from '../helpers/backends.js';
import {viewOf} from '../helpers/nodeView.js';

describeBackends(
  'what the graph knows of a node',
  () => {
    const q = new st.Normal({loc: 0, scale: 1});
    const linked = (given: Partial<NodeLink> = {}): NodeLink => {
      const value = tf.tensor1d([1, 2]);
      const node = {value, name: 'n', distribution: q} as unknown as st.StochasticTensor; // what is asked of it here
      const link: NodeLink = {
        node,
        parents: [],
        parentRanks: [],
        term: {estimator: st.scoreFunction(), view: viewOf(q, value)},
        weights: value,
        shape: [2],
        batchRank: 0,
        sampleRank: 1,
        place: 0,
        ...given,
      };
      linkNode(link);
      return link;
    };

    it('is found from its value, from itself and from the view of its estimator', () => {
      const link = linked();
      expect(linkOfValue(link.node.value)).toBe(link);
      expect(linkOf('f', link.node)).toBe(link);
      expect(nodeOfView(link.term!.view)).toBe(link.node);
      link.node.value.dispose();
    });

    it('is nothing for others, which are refused in the name of who asks', () => {
      const t = tf.scalar(1);
      expect(linkOfValue(t)).toBeUndefined();
      for (const other of [null, undefined, 3, 'n', {}, t])
        expect(() => linkOf('f', other)).toThrowError(
          /^f: must be a DistributionTensor or an ObservedStochasticTensor, got /,
        );
      expect(() => nodeOfView(viewOf(q, t))).toThrowError(
        /^estimator: a node view must come from a DistributionTensor, got /,
      );
      t.dispose();
    });

    it('has no term and no weights any more once they are part of a tensor', () => {
      const link = linked();
      settleLink(link);
      expect([link.term, link.weights]).toEqual([null, null]);
      expect(linkOf('f', link.node).term).toBeNull();
      link.node.value.dispose();
    });

    it('lets derivatives pass once there is a surrogate, where it had refused them', () => {
      let opened = 0;
      const guard = {open: () => void opened++} as unknown as NonNullable<NodeLink['guard']>; // what is asked of it here
      const links = [linked({guard}), linked({guard: null}), linked(), linked({guard})];
      serve(links);
      expect(opened).toBe(2);
      tf.dispose(links.map(({node}) => node.value));
    });
  },
  {only: ['cpu'], inBrief: []},
);
