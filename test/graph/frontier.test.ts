import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends(
  'the frontier below a node',
  () => {
    /** Runs costs of a node "a" with an estimator that asks for its frontier, and gives what was asked. */
    const asked = <T>(
      ask: (frontier: st.Frontier) => T,
      costs: (a: tf.Tensor, next: (name: string, logits: tf.Tensor, joins?: boolean) => tf.Tensor) => tf.Tensor[],
    ): T => {
      let answer: T | undefined;
      const own: st.Estimator = {
        ...st.scoreFunction(),
        name: 'asks',
        combine(node, {total}, downstream) {
          answer = ask(downstream.frontier(({name}) => name === 'joins'));
          return {surrogate: tf.mul(node.logProb(), total)};
        },
      };
      const joining: st.Estimator = {...st.scoreFunction(), name: 'joins'};
      const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.4])));
      const node = (name: string, logits: tf.Tensor, estimator: st.Estimator): tf.Tensor =>
        new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, name, key: st.random.key(name.length)}).value;
      const made = st.variableGrads(
        () =>
          costs(node('a', w, own), (name, logits, joins = true) =>
            node(name, logits, joins ? joining : st.scoreFunction()),
          ),
        [w],
      );
      tf.dispose([made.value, made.grads, w]);
      return answer!;
    };
    const names = ({nodes}: st.Frontier): string[] => nodes.map(({view}) => view.name);

    it('are the joining nodes whose parameters depend on the draw, those with most costs first, no cost below two', () => {
      expect(
        asked(names, (a, next) => {
          const [b, c] = [next('b', tf.mul(a, 2)), next('cc', tf.mul(a, 3))];
          const d = next('ddd', tf.add(b, 1));
          return [tf.mul(b, 2), tf.mul(c, 2), tf.mul(d, 3), tf.mul(c, 4), tf.mul(c, d)];
        }),
      ).toEqual(['b']); // c·d is below both, and as many costs are below b as below c
      expect(
        asked(names, (a, next) => {
          const [b, c] = [next('b', tf.mul(a, 2)), next('cc', tf.mul(a, 3))];
          return [tf.mul(b, 2), tf.mul(c, 2), tf.mul(c, 4)];
        }),
      ).toEqual(['cc', 'b']);
      expect(
        asked(names, (a, next) => {
          const aside = next('b', tf.tensor1d([1, 2]));
          return [tf.mul(aside, a), tf.mul(next('cc', tf.mul(a, 2), false), 2)];
        }),
      ).toEqual([]);
    });

    it('leave the costs that are below none of them, summed for each draw, or null', async () => {
      const direct = asked(
        frontier => {
          const sum = frontier.direct();
          return sum === null ? null : tf.keep(tf.clone(sum));
        },
        (a, next) => [tf.add(tf.mul(a, 0), 5), tf.add(tf.mul(a, 0), [1, 2]), tf.mul(next('b', tf.mul(a, 2)), 100)],
      );
      expect(await read(direct!)).toEqual([6, 7]);
      expect(
        asked(
          frontier => frontier.direct(),
          (a, next) => [tf.mul(next('b', tf.mul(a, 2)), 100)],
        ),
      ).toBeNull();
    });

    it('align a cost of each of their draws with the draws of the node above', async () => {
      const aligned = asked(
        ({nodes: [below]}) => {
          expect(below!.view.shape).toEqual([]);
          expect(below!.estimator.name).toBe('joins');
          expect(below!.downstream.isCoupled()).toBeFalse();
          return tf.keep(tf.clone(below!.align(tf.scalar(7))));
        },
        (a, next) => [tf.mul(next('b', tf.sum(a)), 2)],
      );
      const numbers = await read(aligned);
      expect(numbers.every(v => v === numbers[0])).toBeTrue();
      // both draws above bear on it, and the mean over the two of what each is credited with is to have the gradient of the whole
      expect(numbers[0]).toBe(14);
    });
  },
  {only: ['cpu'], inBrief: []},
);
