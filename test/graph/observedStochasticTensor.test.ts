import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {inScope} from './inScope.js';

const bernoulli = (w: tf.Tensor): st.Bernoulli => new st.Bernoulli({logits: w});
const key = st.random.key(12);

describeBackends(
  'ObservedStochasticTensor',
  () => {
    it('has its data as value, the likelihood as logProb, and no term; influence passes through its value', async () => {
      const {
        kept: [value, logProb, wanted],
        gradient,
      } = await inScope(
        w => {
          const upstream = new st.DistributionTensor(bernoulli(w), {key});
          const observed = new st.ObservedStochasticTensor(
            new st.Normal({loc: upstream.value, scale: 1}),
            [0.5, 1, 2],
            {
              name: 'data',
            },
          );
          expect(observed.name).toBe('data');
          return [
            observed.value,
            observed.logProb(),
            new st.Normal({loc: upstream.value, scale: 1}).logProb([0.5, 1, 2]),
            st.surrogateLoss(tf.neg(observed.logProb())),
          ];
        },
        {
          vary: w => {
            const upstream = new st.DistributionTensor(bernoulli(w), {key});
            return st.surrogateLoss(
              tf.neg(
                new st.ObservedStochasticTensor(new st.Normal({loc: upstream.value, scale: 1}), [0.5, 1, 2]).logProb(),
              ),
            );
          },
        },
      );
      expect(value).toEqual([0.5, 1, 2]);
      logProb!.forEach((x, i) => expect(x).toBeCloseTo(wanted![i]!, 5));
      expect(gradient.every(g => g !== 0)).toBeTrue();
    });

    it('takes a value of [sample…, batch…, event…], in the dtype of the family, and refuses others', () => {
      const q = st.independent(new st.Normal({loc: tf.zeros([2, 3]), scale: 1}), 1);
      for (const shape of [[3], [2, 3], [1, 3], [4, 2, 3], [4, 1, 3]]) {
        const node = new st.ObservedStochasticTensor(q, tf.zeros(shape));
        expect([node.name, node.value.shape, node.dtype]).toEqual(['Independent', shape, 'float32']);
        node.value.dispose();
      }
      for (const shape of [[], [2], [3, 2], [4, 3], [4, 3, 3]])
        expect(() => new st.ObservedStochasticTensor(q, tf.zeros(shape)))
          .withContext(String(shape))
          .toThrowError(
            /^ObservedStochasticTensor: the value must have the shape \[sample…, batch…, event…\] with batch \[2\] and event \[3\], got the shape/,
          );
      const bits = new st.ObservedStochasticTensor(new st.Bernoulli({probs: 0.5, dtype: 'int32'}), [0, 1]);
      expect(bits.value.dtype).toBe('int32');
      const given = tf.tensor1d([0, 1]);
      expect(new st.ObservedStochasticTensor(new st.Normal({loc: 0, scale: 1}), given).value).toBe(given);
      tf.dispose([given, bits.value, ...Object.values(q.tensors())]);
      const stolen = <T>(x: unknown): T => x as T; // what a JavaScript user may pass
      const normal = new st.Normal({loc: 0, scale: 1});
      for (const [run, message] of [
        [
          () => new st.ObservedStochasticTensor(stolen(3), 1),
          'ObservedStochasticTensor: the first argument must be a Distribution, got 3',
        ],
        [() => new st.ObservedStochasticTensor(normal, stolen(null)), /the second argument must be the observed value/],
        [() => new st.ObservedStochasticTensor(normal, 1, {name: ''}), /name must be a non-empty string, got ""/],
        [
          () => new st.ObservedStochasticTensor(normal, 1, stolen({nam: 'a'})),
          /unknown option "nam"; did you mean "name"/,
        ],
      ] as const)
        expect(run).toThrowError(message as string);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
