import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {lessOne, MagicBoxes, type AnyOrderNode} from '../../src/graph/magicBox.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {coin, upstream, withTape} from './upstream.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describeBackends(
  'magic boxes',
  () => {
    const theta = [0.3, -0.4];

    it('are 1, so that less one they are 0, with derivatives', async () => {
      const x = tf.tensor1d([0.5]);
      expect(await read(tf.tidy(() => lessOne(x)))).toEqual([0]);
      expect(await read(tf.tidy(() => tf.grad(t => tf.sum(lessOne(tf.square(t))))(x)))).toEqual([1]);
      x.dispose();
    });

    /** a, then b given a, with a cost of a alone and one of both; the nodes in the order in which they were made. */
    const program = (t: tf.Tensor): {a: tf.Tensor; b: tf.Tensor; costs: tf.Tensor[]; nodes: AnyOrderNode[]} => {
      const a = coin('a', t, {key: st.random.key(1)});
      const b = coin('b', tf.mul(tf.add(a.value, 1), t), {key: st.random.key(2)});
      const costs = [tf.mul(a.value, 3), tf.add(tf.mul(a.value, b.value), 5)];
      const nodes = upstream(...costs)
        .reverse()
        .map(influenced => ({view: influenced.link.term!.view, influenced}));
      return {a: a.value, b: b.value, costs, nodes};
    };

    it('give each cost the scores of the draws upstream of it, and a value of 0', async () => {
      let drawn: tf.Tensor[] = [];
      const [values, slope] = withTape(theta, () => {
        let zero = tf.zeros([2]);
        const gradient = tf.grad(t => {
          const {a, b, costs, nodes} = program(t);
          st.surrogateLoss(costs); // derivatives may pass
          drawn = [a, b].map(x => tf.keep(tf.clone(x)));
          const terms = new MagicBoxes(nodes).terms(costs.map(c => st.stopGradient(c)));
          expect(terms.map(({shape}) => shape)).toEqual([[2], [2]]);
          zero = tf.keep(tf.add(terms[0]!, terms[1]!));
          return tf.sum(tf.add(terms[0]!, terms[1]!));
        })(tf.tensor1d(theta));
        return [zero, gradient];
      }) as [tf.Tensor, tf.Tensor]; // two
      const [a, b] = [await read(drawn[0]!), await read(drawn[1]!)];
      expect(await read(values)).toEqual([0, 0]);
      expectNear(
        await read(slope),
        theta.map((t, i) => {
          const ofA = a[i]! - sigmoid(t);
          const ofB = (b[i]! - sigmoid((a[i]! + 1) * t)) * (a[i]! + 1);
          return 3 * a[i]! * ofA + (a[i]! * b[i]! + 5) * (ofA + ofB);
        }),
        'scores',
      );
    });

    it('before a node hold the nodes made before it that share a cost with it', async () => {
      const drawn: tf.Tensor[] = [];
      const slopes = withTape(theta, () => [
        ...[0, 1].map(at =>
          tf.grad(t => {
            const {a, costs, nodes} = program(t);
            const aside = coin('aside', tf.mul(t, 2));
            const all = upstream(...costs, tf.mul(aside.value, 2))
              .reverse()
              .map(influenced => ({view: influenced.link.term!.view, influenced}));
            st.surrogateLoss([...costs, tf.mul(aside.value, 2)]);
            drawn.push(tf.keep(tf.clone(a)));
            expect(all.map(({view}) => view.name)).toEqual(['a', 'b', 'aside']);
            const boxes = new MagicBoxes(all);
            expect(boxes.before(all[2]!.view).shape).toEqual([]); // shares none
            expect(nodes.length).toBe(2);
            return tf.add(tf.sum(boxes.before(all[at]!.view)), tf.mul(0, tf.sum(t)));
          })(tf.tensor1d(theta)),
        ),
      ]);
      const a = await read(drawn[1]!);
      expect(await read(slopes[0]!)).toEqual([0, 0]);
      expectNear(
        await read(slopes[1]!),
        theta.map((t, i) => a[i]! - sigmoid(t)),
        'the score of a',
      );
      drawn[0]!.dispose();
    });
  },
  {only: ['cpu'], inBrief: []},
);
