import * as tf from '@tensorflow/tfjs-core';
import {box, drawsBelow, nodesBelow, nullScores, withScores} from '../../src/graph/scores.js';
import {serve} from '../../src/graph/nodeLink.js';
import {readTape} from '../../src/graph/tape.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {coin, link, upstream, withTape} from './upstream.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describeBackends(
  'the derivatives that draws hide',
  () => {
    it('are those of a factor 1, of every order those of e^l over its value', async () => {
      const x = tf.tensor1d([0.3, -2]);
      const of = (f: (t: tf.Tensor) => tf.Tensor): Promise<number[]> => read(tf.tidy(() => f(x)));
      const g = (t: tf.Tensor): tf.Tensor => tf.sum(box(tf.square(t)));
      expect(await of(t => box(tf.square(t)))).toEqual([1, 1]);
      expectNear(await of(tf.grad(g)), [0.6, -4], 'first');
      // (e^{x²})″/e^{x²} = 2 + 4x²
      expectNear(await of(tf.grad(t => tf.sum(tf.grad(g)(t)))), [2.36, 18], 'second');
      x.dispose();
    });

    it('are those of nodes with a term whose parameters depend on the draw, however far below', () => {
      withTape([0.3, -0.4], w => {
        const a = coin('a', w);
        const b = coin('b', tf.mul(a.value, w));
        const c = coin('c', tf.add(b.value, 1));
        const aside = coin('aside', tf.mul(w, 2));
        const observedLike = coin('mute', tf.mul(a.value, 3), {estimator: null});
        const costs = [a, b, c, aside, observedLike].map(({value}) => tf.mul(value, 2));
        const below = (of: typeof a): string[] =>
          nodesBelow(readTape('test'), upstream(...costs), link(of)).map(node => node.link.node.name);
        expect(below(a)).toEqual(['c', 'b']);
        expect(below(b)).toEqual(['c']);
        expect(below(c)).toEqual([]);
        expect(below(aside)).toEqual([]);
        const drawn = drawsBelow(readTape('test'), upstream(...costs), link(a));
        expect(drawn.map(({node, logProb}) => [node.link.node.name, logProb.shape])).toEqual([
          ['c', [2]],
          ['b', [2]],
        ]);
      });
    });

    it('go to the costs below the draw alone, whose values stay', async () => {
      const [first, second, slope, x] = withTape([0.3, -0.4], w => {
        const a = coin('a', w);
        let costs: tf.Tensor[] = [];
        const slopes = tf.grad(t => {
          const b = coin('b', tf.mul(t, a.value));
          costs = [tf.mul(a.value, 3), tf.add(b.value, 5)];
          serve([link(a), link(b)]);
          const tape = readTape('test');
          const all = withScores(costs, drawsBelow(tape, upstream(...costs), link(a)));
          costs = all.map(c => tf.keep(tf.clone(c)));
          costs.push(tf.keep(tf.clone(b.value)), tf.keep(tf.clone(a.value)));
          return tf.sum(all[1]!);
        })(tf.tensor1d([0.7, 1.2]));
        return [costs[0]!, costs[1]!, slopes, tf.stack([costs[2]!, costs[3]!])];
      }) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]; // four
      const [b, a] = [await read(tf.slice(x, 0, 1)), await read(tf.slice(x, 1, 1))];
      expect(await read(first)).toEqual(a.map(v => 3 * v));
      expect(await read(second)).toEqual(b.map(v => v + 5));
      // (b + 5)·∂ ln p(b)/∂t
      expectNear(
        await read(slope),
        a.map((v, i) => (b[i]! + 5) * v * (b[i]! - sigmoid([0.7, 1.2][i]! * v))),
        'scores',
      );
      x.dispose();
    });

    it('have a null sum over the draws of which there is one for each, and none where examples are coupled', async () => {
      const [value, slope, b] = withTape([0.3, -0.4], w => {
        const a = coin('a', w);
        let kept: tf.Tensor[] = [];
        const slopes = tf.grad(t => {
          const each = coin('each', tf.add(tf.mul(t, tf.ones([2])), a.value));
          const one = coin('one', tf.mul(tf.sum(a.value), [1, 1]));
          const found = upstream(tf.mul(each.value, 2), tf.mul(one.value, 2));
          serve([link(a), link(each), link(one)]);
          const below = drawsBelow(readTape('test'), found, link(a));
          expect(below.map(({node}) => node.link.node.name)).toEqual(['one', 'each']);
          const self = found.find(node => node.link === link(a))!;
          const scores = nullScores(below, self)!;
          expect(
            nullScores(
              below.filter(({node}) => node.link.node.name === 'one'),
              self,
            ),
          ).toBeNull();
          kept = [tf.keep(tf.clone(scores)), tf.keep(tf.stack([each.value, a.value]))];
          return tf.sum(scores);
        })(tf.scalar(0.7));
        return [kept[0]!, slopes, kept[1]!];
      }) as [tf.Tensor, tf.Tensor, tf.Tensor]; // three
      expect(await read(value)).toEqual([0, 0]);
      const [x0, x1, a0, a1] = await read(b);
      expectNear(await read(slope), [x0! - sigmoid(0.7 + a0!) + (x1! - sigmoid(0.7 + a1!))], 'score');
    });
  },
  {only: ['cpu'], inBrief: []},
);
