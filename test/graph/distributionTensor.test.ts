/**
 * Nodes: what their value, loss and reinforce are, as in bayesflow's stochastic_tensor, and how they live in scopes and
 * tidies.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {inScope} from './inScope.js';

const inTidyScope = (fn: (w: tf.Variable) => void): void => {
  const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9]));
  tf.tidy(() => {
    tf.variableGrads(() => {
      fn(w);
      return tf.mean(w);
    }, [w]);
  });
  w.dispose();
};

const bernoulli = (w: tf.Tensor): st.Bernoulli => new st.Bernoulli({logits: w});
const normal = (w: tf.Tensor): st.Normal => new st.Normal({loc: w, scale: 0.5});
const key = st.random.key(12);

describeBackends(
  'DistributionTensor',
  () => {
    it('has a value of shape [sample…, batch…, event…], a dtype, a name, and the methods of its distribution', () => {
      tf.tidy(() => {
        const q = st.independent(new st.Bernoulli({logits: tf.zeros([2, 3]), dtype: 'int32'}));
        const node = new st.DistributionTensor(q, {valueType: st.sampleValue([5, 4]), name: 'coin', key});
        expect(node.value.shape).toEqual([5, 4, 2, 3]);
        expect(node.value instanceof tf.Tensor).toBeTrue();
        expect(node.dtype).toBe('int32');
        expect(node.name).toBe('coin');
        expect(node.logProb().shape).toEqual([5, 4, 2]);
        expect(node.entropy().shape).toEqual([2]);
        expect(node.mean().shape).toEqual([2, 3]);
        expect(node.distribution.name).toBe('Independent');
        expect(new st.DistributionTensor(q).name).toBe('Independent');
        expect(node instanceof st.StochasticTensor).toBeTrue();
      });
    });

    it('draws the same with the same key, inside and outside a scope, and follows the default stream without one', async () => {
      const outside = tf.tidy(() => new st.DistributionTensor(normal(tf.tensor1d([0.3, -0.4, 0.9])), {key}).value);
      const {kept} = await inScope(w => [
        new st.DistributionTensor(normal(w), {key}).value,
        new st.DistributionTensor(normal(w), {key, estimator: 'scoreFunction'}).value,
      ]);
      expect(kept[0]!).toEqual(Array.from(await outside.data()));
      expect(kept[1]!).toEqual(kept[0]!);
      outside.dispose();
      st.random.setSeed(9);
      const [a, b] = [0, 1].map(() => new st.DistributionTensor(normal(tf.zeros([3]))).value);
      st.random.setSeed(9);
      const c = new st.DistributionTensor(normal(tf.zeros([3]))).value;
      expect(Array.from(await a!.data())).toEqual(Array.from(await c.data()));
      expect(Array.from(await a!.data())).not.toEqual(Array.from(await b!.data()));
      tf.dispose([a!, b!, c]);
    });

    describe('loss', () => {
      const nulls: Record<string, (w: tf.Tensor) => st.StochasticTensor> = {
        'a reparameterised distribution': w => new st.DistributionTensor(normal(w)),
        'pathwise by name': w => new st.DistributionTensor(normal(w), {estimator: 'pathwise'}),
        'the mean of a discrete distribution': w =>
          new st.DistributionTensor(bernoulli(w), {valueType: st.meanValue()}),
        'the mean though an estimator is given': w =>
          new st.DistributionTensor(bernoulli(w), {valueType: st.meanValue(), estimator: 'scoreFunction'}),
        'the mean with stopped gradient': w =>
          new st.DistributionTensor(normal(w), {valueType: st.meanValue({stopGradient: true})}),
        'estimator null': w => new st.DistributionTensor(bernoulli(w), {estimator: null}),
        'estimator null with stopped gradient': w =>
          new st.DistributionTensor(normal(w), {estimator: null, valueType: st.sampleValue([], {stopGradient: true})}),
        'an observed node': w => new st.ObservedStochasticTensor(bernoulli(w), [0, 1, 1]),
      };
      for (const [title, make] of Object.entries(nulls)) {
        it(`is null for ${title}`, () => inTidyScope(w => expect(make(w).loss(tf.tensor1d([1, 2, 3]))).toBeNull()));
      }

      const terms: Record<string, (w: tf.Tensor) => st.StochasticTensor> = {
        'a discrete distribution': w => new st.DistributionTensor(bernoulli(w), {key}),
        'a reparameterised one whose value stops the gradient': w =>
          new st.DistributionTensor(normal(w), {key, valueType: st.sampleValue([], {stopGradient: true})}),
        'a score function asked for': w => new st.DistributionTensor(normal(w), {key, estimator: 'scoreFunction'}),
        'a loss function': w =>
          new st.DistributionTensor(bernoulli(w), {
            key,
            estimator: (node, value, cost) => tf.mul(node.distribution.logProb(value), cost),
          }),
        'bayesflow’s score function': w =>
          new st.DistributionTensor(bernoulli(w), {key, estimator: st.stochasticGradientEstimators.scoreFunction}),
      };
      for (const [title, make] of Object.entries(terms)) {
        it(`is log p(value)·cost for ${title}`, async () => {
          const {
            kept: [loss, wanted],
          } = await inScope(w => {
            const node = make(w);
            return [node.loss(tf.tensor1d([1, 2, -3]))!, tf.mul(node.distribution.logProb(node.value), [1, 2, -3])];
          });
          loss!.forEach((x, i) => expect(x).toBeCloseTo(wanted![i]!, 5));
        });
      }

      it('holds the cost constant', async () => {
        const {gradient} = await inScope(w => new st.DistributionTensor(bernoulli(w), {key}).loss(tf.square(w))!);
        const fixed = await inScope(w =>
          new st.DistributionTensor(bernoulli(w), {key}).loss(tf.tensor1d([0.09, 0.16, 0.81]))!,
        );
        gradient.forEach((g, i) => expect(g).toBeCloseTo(fixed.gradient[i]!, 5));
      });

      it('is null for a node made outside a gradient scope', () => {
        const node = new st.DistributionTensor(new st.Bernoulli({probs: [0.5, 0.5, 0.5]}));
        expect(node.loss(tf.zeros([3]))).toBeNull();
        node.value.dispose();
      });

      it('says so where the gradient scope is over', () => {
        let node: st.DistributionTensor | null = null;
        inTidyScope(w => (node = new st.DistributionTensor(bernoulli(w), {name: 'coin'})));
        expect(() => node!.loss(tf.scalar(1))).toThrowError(
          /^DistributionTensor\.loss: node "coin" must be used inside the gradient scope in which it was made/,
        );
      });

      it('refuses a cost that is no float tensor', () => {
        inTidyScope(w => {
          const node = new st.DistributionTensor(bernoulli(w));
          expect(() => node.loss(3 as unknown as tf.Tensor)).toThrowError(
            /^DistributionTensor\.loss: .*must be a tensor.*, got 3/,
          );
          expect(() => node.loss(tf.tensor1d([1, 2, 3], 'int32'))).toThrowError(
            /^DistributionTensor\.loss: .*must be a float32 tensor/,
          );
          expect(() => node.loss(tf.zeros([4]))).toThrowError(/^node "Bernoulli": .*does not align with it/);
        });
      });
    });

    describe('reinforce', () => {
      it('is the term of minus the reward, from numbers, arrays and tensors', async () => {
        const {
          kept: [fromArray, fromTensor, fromNumber, wanted, all],
        } = await inScope(w => {
          const node = new st.DistributionTensor(bernoulli(w), {key});
          return [
            node.reinforce([1, 2, -3]),
            node.reinforce(tf.tensor1d([1, 2, -3], 'int32')),
            node.reinforce(2),
            tf.mul(node.logProb(), [-1, -2, 3]),
            tf.mul(node.logProb(), -6),
          ]; // one reward of three draws counts for each
        });
        wanted!.forEach((x, i) => {
          expect(fromArray![i]!).toBeCloseTo(x, 5);
          expect(fromTensor![i]!).toBeCloseTo(x, 5);
          expect(fromNumber![i]!).toBeCloseTo(all![i]!, 5);
        });
      });

      it('needs a surrogate term', () => {
        inTidyScope(w =>
          expect(() => new st.DistributionTensor(normal(w), {name: 'n'}).reinforce(1)).toThrowError(
            /^DistributionTensor\.reinforce: node "n" needs an estimator with a surrogate term/,
          ),
        );
        const node = new st.DistributionTensor(new st.Bernoulli({probs: [0.5, 0.5, 0.5]}));
        expect(() => node.reinforce(1)).toThrowError(/and a gradient scope around its construction$/);
        node.value.dispose();
      });

      it('refuses rewards that are no numbers', () =>
        inTidyScope(w => {
          const node = new st.DistributionTensor(bernoulli(w));
          for (const bad of ['a', null, undefined, {}, NaN]) {
            expect(() => node.reinforce(bad as number)).toThrowError(/^DistributionTensor\.reinforce: /);
          }
        }));
    });

    it('lives on when the tidy that it was made in has disposed of its parameters', async () => {
      for (const estimator of ['scoreFunction', 'nvil', 'leaveOneOut', 'relax']) {
        const run = (wrap: (f: () => tf.Tensor) => tf.Tensor): Promise<{gradient: number[]}> =>
          inScope(w => {
            st.random.setSeed(2);
            const x = wrap(
              () =>
                new st.DistributionTensor(new st.Bernoulli({logits: tf.mul(w, 2)}), {estimator, key: st.random.key(1)})
                  .value,
            );
            return st.surrogateLoss(tf.tidy(() => tf.square(tf.sub(x, 0.3))));
          });
        const plain = await run(f => f());
        st.disposeSharedEstimators(); // both start with the same state
        const tidied = await run(f => tf.tidy(f));
        expect(tidied.gradient).toEqual(plain.gradient);
        expect(plain.gradient.some(g => g !== 0)).toBeTrue();
        st.disposeSharedEstimators();
      }
    });

    it('with constant parameters only has nothing to estimate and does no harm', () => {
      for (const estimator of ['scoreFunction', 'nvil', 'leaveOneOut', 'relax', 'movingAverage']) {
        inTidyScope(() => {
          const node = new st.DistributionTensor(new st.Bernoulli({probs: 0.3}), {estimator});
          expect(st.surrogateLoss(tf.add(node.value, 1)).shape).toEqual(node.value.shape);
          expect(node.loss(tf.ones(node.value.shape))).not.toBeUndefined();
        });
      }
      st.disposeSharedEstimators();
    });

    it('estimators named by a string are known by their slot: a name and its count', () => {
      const seen: string[] = [];
      const spy: st.Estimator = {
        ...st.scoreFunction(),
        combine: view => {
          seen.push(view.slot);
          return {surrogate: view.logProb()};
        },
      };
      for (let step = 0; step < 2; step++) {
        inTidyScope(w => {
          const nodes = [undefined, 'a', 'a', undefined, 'b'].map(
            name => new st.DistributionTensor(bernoulli(w), {estimator: spy, ...(name && {name})}),
          );
          nodes.forEach(node => node.loss(tf.zeros([3])));
        });
      }
      expect(seen).toEqual(['#0', 'a#0', 'a#1', '#1', 'b#0', '#0', 'a#0', 'a#1', '#1', 'b#0']);
    });

    const bad: Record<string, [() => unknown, RegExp]> = {
      'no distribution': [
        () => new st.DistributionTensor(3 as unknown as st.Distribution),
        /^DistributionTensor: the first argument must be a Distribution, got 3/,
      ],
      nothing: [
        () => new st.DistributionTensor(undefined as unknown as st.Distribution),
        /^DistributionTensor: the first argument must be a Distribution, got undefined/,
      ],
      'a misspelt option': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {estimater: 'relax'} as object),
        /^DistributionTensor: unknown option "estimater"; did you mean "estimator"\?/,
      ],
      'null options': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), null as unknown as object),
        /^DistributionTensor: the config must be an object, got null/,
      ],
      'an unknown estimator': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {estimator: 'relx'}),
        /^DistributionTensor: unknown estimator "relx"; did you mean "relax"\?/,
      ],
      'an unknown estimator of a mean': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {estimator: 'relx', valueType: st.meanValue()}),
        /^DistributionTensor: unknown estimator "relx"/,
      ],
      'an estimator of a wrong type': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {estimator: 5 as unknown as string}),
        /^DistributionTensor: estimator must be an estimator, its name, a function .* or null, got 5/,
      ],
      'an estimator as layers save it': [
        () =>
          new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {
            estimator: {name: 'relax', config: {temperature: 1}} as unknown as string,
          }),
        /or null; one with options is made once, outside the step: estimators\.get\("relax", config\), got an object/,
      ],
      'a baseline for an estimator': [
        () =>
          new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {
            estimator: st.leaveOneOut() as unknown as st.Estimator,
          }),
        /^DistributionTensor: estimator must be an estimator, .* or null, got an object/,
      ],
      'pathwise on a discrete distribution': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {estimator: 'pathwise'}),
        /^DistributionTensor: estimator "pathwise" needs a reparameterised distribution \(Normal .*\), got Bernoulli/,
      ],
      'lax on a discrete distribution': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {estimator: 'lax'}),
        /^DistributionTensor: estimator "lax" needs a reparameterised distribution/,
      ],
      'relax on a continuous distribution': [
        () => new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}), {estimator: 'relax'}),
        /^DistributionTensor: estimator "relax" needs a distribution with a continuous relaxation \(Bernoulli, .*\), got Normal/,
      ],
      'pathwise with a stopped gradient': [
        () =>
          new st.DistributionTensor(new st.Normal({loc: 0, scale: 1}), {
            estimator: 'pathwise',
            valueType: st.sampleValue([], {stopGradient: true}),
          }),
        /^DistributionTensor: estimator "pathwise" needs the gradient that the value type stops/,
      ],
      'a value type that is none': [
        () =>
          new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {valueType: 'sample' as unknown as st.ValueType}),
        /^DistributionTensor: valueType must come from sampleValue, meanValue or sampleAndReshapeValue, got "sample"/,
      ],
      'an empty name': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {name: ''}),
        /^DistributionTensor: name must be a non-empty string, got ""/,
      ],
      'a number for a key': [
        () => new st.DistributionTensor(new st.Bernoulli({probs: 0.5}), {key: 5 as unknown as st.random.Key}),
        /^DistributionTensor: key must come from random.key, got 5/,
      ],
      'an observed value of another shape': [
        () => new st.ObservedStochasticTensor(new st.Bernoulli({probs: [0.5, 0.2]}), [1, 0, 1]),
        /^ObservedStochasticTensor: the value must have the shape \[sample…, batch…, event…\] with batch \[2\]/,
      ],
      'no observed value': [
        () => new st.ObservedStochasticTensor(new st.Bernoulli({probs: 0.5}), undefined as unknown as number),
        /^ObservedStochasticTensor: the second argument must be the observed value, got undefined/,
      ],
      'a word as an observed value': [
        () => new st.ObservedStochasticTensor(new st.Bernoulli({probs: 0.5}), 'one'),
        /^ObservedStochasticTensor: /,
      ],
      'a misspelt option of an observed node': [
        () => new st.ObservedStochasticTensor(new st.Bernoulli({probs: 0.5}), 1, {nam: 'x'} as object),
        /^ObservedStochasticTensor: unknown option "nam"; did you mean "name"\?/,
      ],
    };
    for (const [title, [make, message]] of Object.entries(bad)) {
      it(`refuses ${title}, and leaves nothing behind`, () => {
        const before = tf.memory().numTensors;
        expect(make).toThrowError(message);
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('refuses no samples at all', () =>
      inTidyScope(w => {
        expect(() => new st.DistributionTensor(bernoulli(w), {valueType: st.sampleValue(0), name: 'z'})).toThrowError(
          /node "z" must have at least one sample/,
        );
      }));
  },
  {inBrief: ['webgpu']},
);
