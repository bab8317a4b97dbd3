/** Estimators whose samples are weighted: enumeration, importance sampling, and draws without replacement. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../../helpers/backends.js';
import {exactGradient, gradientMoments} from '../../helpers/estimates.js';
import {
  bernoulli,
  binary,
  classes,
  column,
  counts,
  drawWith,
  real,
  varianceOf,
  zOf,
  type Problem,
} from '../problems.js';

/** Independent estimates of one test. */
const size = (samples = 1): number =>
  Math.ceil(
    sizeFor({cpu: 2000, wasm: process.env.FULL === '1' ? 100_000 : 40_000, webgl: 1500, webgpu: 1500}) / samples,
  );

const five = [0.3, -0.5, 0.8, 0.1, -1.2];
const prices = [1.3, -0.4, 2.1, 0.2, -1.7];
const probsOf = (logits: number[]): number[] => {
  const e = logits.map(Math.exp);
  const total = e.reduce((a, b) => a + b, 0);
  return e.map(x => x / total);
};
/** A Categorical of five classes: most estimators leave some out. */
const fiveClasses: Problem = {
  title: 'a Categorical of five',
  parameters: {theta: five},
  costs: ({theta}, draw) =>
    tf.gather(tf.tensor1d(prices), tf.cast(draw(new st.Categorical({logits: theta!})), 'int32')),
  expectation: ({theta}) => probsOf(theta!).reduce((sum, p, k) => sum + p * prices[k]!, 0),
};
/** Two elements of a batch in each estimate, of different parameters. */
const batchOfTwo: Problem = {
  title: 'a batch of two Categoricals',
  parameters: {theta: [...five, 2.3, -0.8, 0.4, -2.1, 0.9]},
  costs({theta}, draw) {
    const k = draw(new st.Categorical({logits: tf.reshape(theta!, [-1, 2, 5])}));
    return tf.mul(tf.gather(tf.tensor1d(prices), tf.cast(k, 'int32')), [1, -2]);
  },
  expectation: ({theta}) =>
    [0, 1].reduce(
      (sum, i) =>
        sum +
        (probsOf(theta!.slice(5 * i, 5 * i + 5)).reduce((s, p, k) => s + p * prices[k]!, 0) * (i === 0 ? 1 : -2)) / 2,
      0,
    ),
};
const binomial = counts.find(p => p.title === 'one Binomial')!;

/** Where most draws leave something out; proofs.test.ts has graphs of every shape. */
const titles = inBrowser
  ? ['an event of three']
  : ['an event of three', 'a chain of two with a cost at each', 'an event of two OneHotCategoricals'];
const discrete = [...[...binary, ...classes].filter(p => titles.includes(p.title)), fiveClasses, batchOfTwo, binomial];

const uniformLike = (q: st.Distribution): st.Distribution => {
  const wide = (t: tf.Tensor): tf.Tensor => tf.add(tf.mul(t, 0.5), 0.3);
  return q.withTensors(
    Object.fromEntries(Object.entries(q.tensors()).map(([name, t]) => [name, name === 'logits' ? wide(t) : t])),
  );
};
const makers: Record<string, () => st.Estimator> = {
  'importance, a proposal made from the node': () => st.importance({proposal: uniformLike}),
  'importance, 3 samples': () => st.importance({proposal: uniformLike, samples: 3}),
  'raoBlackwell, top 1': () => st.raoBlackwell(),
  'raoBlackwell, top 3': () => st.raoBlackwell({top: 3}),
  'sumAndSample, 2 samples': () => st.sumAndSample({samples: 2}),
  'sumAndSample, 4 samples': () => st.sumAndSample(),
  'unorderedSet, 2 samples': () => st.unorderedSet({samples: 2}),
  'unorderedSet, 3 samples': () => st.unorderedSet({samples: 3}),
  'unorderedSet, 4 samples, no baseline': () => st.unorderedSet({baseline: false}),
};

describeBackends(
  'weighted samples are unbiased',
  () => {
    for (const [name, make] of Object.entries(makers)) {
      it(`${name}, on several graphs`, async () => {
        for (const problem of discrete) {
          const n = size(problem === fiveClasses ? 1 : 4);
          expect(await zOf(problem, make(), {n}))
            .withContext(problem.title)
            .toBeLessThan(4.5);
        }
      });

      it(`${name}, with samples of the value type`, async () => {
        for (const valueType of [st.sampleValue([2, 3]), st.sampleAndReshapeValue(3)]) {
          expect(await zOf(fiveClasses, make(), {n: size(20)}, {valueType}))
            .withContext(valueType.kind)
            .toBeLessThan(4.5);
        }
      });
    }

    it('importance on continuous nodes, with proposals wider than the node and with supports beyond its own', async () => {
      const wide = (q: st.Distribution): st.Distribution =>
        q instanceof st.Independent
          ? st.independent(new st.Normal({loc: 0.2, scale: [[1.1, 1.6]]}))
          : new st.Normal({loc: 0.5, scale: 1.3});
      for (const problem of real) {
        expect(
          await zOf(problem, st.importance({proposal: wide, samples: 2}), {
            n: size(problem.title.includes('chain') ? 4 : 1),
          }),
        )
          .withContext(problem.title)
          .toBeLessThan(4.5);
      }
      const halfNormal: Problem = {
        title: 'a Gamma drawn from a Normal',
        parameters: {theta: [1.4]},
        // the logarithm would be NaN at the proposal's negative values
        costs: ({theta}, draw) => tf.mul(tf.log(draw(new st.Gamma({concentration: 3, rate: column(theta!)}))), 2),
        expectation: ({theta}) => 2 * (0.9227843350984671 - Math.log(theta![0]!)), // ψ(3) − ln rate
      };
      expect(
        await zOf(halfNormal, st.importance({proposal: new st.Normal({loc: 1.5, scale: 2}), samples: 2}), {n: size()}),
      ).toBeLessThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'sums over the whole support are exact',
  () => {
    const all: Record<string, () => st.Estimator> = {
      enumerate: () => st.enumerate(),
      'raoBlackwell that leaves one value': () => st.raoBlackwell({top: 26}),
      'raoBlackwell with more than there are': () => st.raoBlackwell({top: 500}),
      'sumAndSample with more than there are': () => st.sumAndSample({samples: 40}),
      'unorderedSet with as many as there are': () => st.unorderedSet({samples: 9}),
    };
    for (const [name, make] of Object.entries(all)) {
      it(name, async () => {
        for (const problem of discrete) {
          if (inBrowser && problem.title.includes('event of two')) continue;
          const wanted = exactGradient(problem.parameters, problem.expectation);
          const found = await gradientMoments(problem.parameters, 2, p => problem.costs(p, drawWith(make())));
          for (const [parameter, exact] of Object.entries(wanted)) {
            exact.forEach((g, i) =>
              expect(found[parameter]!.mean[i]!)
                .withContext(problem.title)
                .toBeCloseTo(g, inBrowser ? 3 : 5),
            );
          }
        }
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

/** An estimator with other weights than its own. */
const reweighted = (
  right: st.Estimator,
  change: (weights: tf.Tensor, value: tf.Tensor, q: st.Distribution) => tf.Tensor,
): st.Estimator => ({
  ...right,
  draw(q, sampleShape, key) {
    const drawn = right.draw!(q, sampleShape, key);
    return {...drawn, weights: change(drawn.weights!, drawn.value, q)};
  },
});
const lastOne = (weights: tf.Tensor): tf.Tensor => {
  const k = weights.shape[0];
  return tf.reshape(tf.cast(tf.equal(tf.range(0, k), k - 1), 'float32'), [k, ...weights.shape.slice(1).map(() => 1)]);
};

describeBackends(
  'wrong weights are caught',
  () => {
    const wrong: Record<string, [() => st.Estimator, Problem?]> = {
      'enumerate without weights': [() => reweighted(st.enumerate(), w => tf.onesLike(w))],
      'importance without weights': [() => reweighted(st.importance({proposal: uniformLike}), w => tf.onesLike(w))],
      'importance with weights that are made to sum to one': [
        () => reweighted(st.importance({proposal: uniformLike, samples: 2}), w => tf.div(w, tf.mean(w, 0, true))),
      ],
      'raoBlackwell whose sample counts as one': [
        () => reweighted(st.raoBlackwell(), w => tf.add(tf.mul(w, tf.sub(1, lastOne(w))), tf.mul(lastOne(w), 2))),
      ],
      'raoBlackwell whose sample counts with its own probability': [
        () => reweighted(st.raoBlackwell(), (_, x, q) => tf.mul(tf.exp(q.logProb(x)), 2)),
      ],
      'sumAndSample without the remainder': [
        () => reweighted(st.sumAndSample({samples: 3}), w => tf.mul(w, tf.sub(1, lastOne(w)))),
      ],
      'sumAndSample with equal weights': [() => reweighted(st.sumAndSample({samples: 3}), w => tf.onesLike(w))],
      'unorderedSet with R left out': [
        () => reweighted(st.unorderedSet({samples: 3, baseline: false}), (_, x, q) => tf.mul(tf.exp(q.logProb(x)), 3)),
      ],
      'unorderedSet with p(s) made to sum to one in the place of p(s) R': [
        () =>
          reweighted(st.unorderedSet({samples: 3}), (_, x, q) => {
            const p = tf.exp(q.logProb(x));
            return tf.div(p, tf.mean(p, 0, true));
          }),
      ],
      'unorderedSet whose baseline weighs the set as if nothing were left out': [
        () => {
          const right = st.unorderedSet({samples: 3});
          return {
            ...right,
            combine: (node, {total: cost}) => {
              const mean = tf.mean(tf.mul(cost, node.weights!), 0, true); // Σ p(s′) R(S, s′) f(s′)
              return {surrogate: tf.mul(node.logProb(), st.stopGradient(tf.mul(tf.sub(cost, mean), node.weights!)))};
            },
          };
        },
      ],
    };
    for (const [name, [make, problem = fiveClasses]] of Object.entries(wrong)) {
      it(name, async () =>
        expect(
          await zOf(problem, make(), {n: sizeFor({cpu: 10_000, wasm: 20_000, webgl: 5000, webgpu: 5000})}),
        ).toBeGreaterThan(4.5),
      );
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'the variance of weighted estimators',
  () => {
    const variance = (estimator: st.Estimator, options: st.DistributionTensorOptions = {}): Promise<number> =>
      varianceOf(fiveClasses, estimator, {n: sizeFor({cpu: 2000, wasm: 20_000, webgl: 1000, webgpu: 1000})}, options);
    const plain = (samples: number): Promise<number> =>
      variance(st.scoreFunction(), {valueType: st.sampleValue(samples)});

    it('is below that of the score function with as many evaluations', async () => {
      const four = await plain(4);
      expect(await variance(st.sumAndSample({samples: 4}))).toBeLessThan(0.6 * four);
      const unordered = await variance(st.unorderedSet({samples: 4}));
      expect(unordered).toBeLessThan(0.3 * four);
      expect(unordered).toBeLessThan(
        0.5 * (await variance(st.scoreFunction({baseline: st.leaveOneOut({samples: 4})}))),
      );
    });

    it('is what the definitions give, order by order', async () => {
      // the largest component, in double precision over all orders in which k of the five classes can be drawn
      const exact: Array<[st.Estimator, number]> = [
        [st.sumAndSample({samples: 2}), 0.230197],
        [st.sumAndSample({samples: 4}), 0.018207],
        [st.unorderedSet({samples: 2, baseline: false}), 0.1613],
        [st.unorderedSet({samples: 4, baseline: false}), 0.009857],
        [st.unorderedSet({samples: 2}), 0.162525],
        [st.unorderedSet({samples: 4}), 0.029283],
      ];
      const slack = sizeFor({cpu: 0.2, wasm: 0.06, webgl: 0.3, webgpu: 0.3});
      for (const [estimator, wanted] of exact) {
        const found = await variance(estimator);
        expect(Math.abs(found / wanted - 1))
          .withContext(`${estimator.name} ${JSON.stringify(estimator.config)}: ${found}`)
          .toBeLessThan(slack);
      }
    });

    it('falls with every value that is summed over', async () => {
      const one = await plain(1);
      const [top1, top3] = [await variance(st.raoBlackwell({top: 1})), await variance(st.raoBlackwell({top: 3}))];
      expect(top1).toBeLessThan(0.9 * one);
      expect(top3).toBeLessThan(0.6 * top1);
      expect(await variance(st.enumerate())).toBeLessThan(1e-8);
    });

    it('falls with a proposal that goes where costs are large', async () => {
      const best = new st.Categorical({probs: [0.25, 0.1, 0.45, 0.05, 0.15]});
      expect(await variance(st.importance({proposal: best}))).toBeLessThan(0.9 * (await plain(1)));
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'what weighted estimators refuse',
  () => {
    const theta = (): tf.Tensor => tf.tensor2d([five]);
    const on =
      (estimator: st.Estimator, q: () => st.Distribution): (() => void) =>
      () =>
        tf.tidy(() => {
          const v = tf.variable(tf.scalar(0));
          try {
            st.variableGrads(
              () => tf.add(tf.cast(new st.DistributionTensor(q(), {estimator}).value, 'float32'), v),
              [v],
            );
          } finally {
            v.dispose();
          }
        });

    it('options of the wrong kind', () => {
      expect(() => st.raoBlackwell({top: 0})).toThrowError('raoBlackwell: top must be an integer >= 1, got 0');
      expect(() => st.sumAndSample({samples: 1})).toThrowError('sumAndSample: samples must be an integer >= 2, got 1');
      expect(() => st.unorderedSet({samples: 1})).toThrowError(
        'unorderedSet: samples must be an integer from 2 to 10, got 1',
      );
      expect(() => st.unorderedSet({samples: 11})).toThrowError(
        'unorderedSet: samples must be an integer from 2 to 10, got 11',
      );
      expect(() => st.unorderedSet({baseline: 1 as unknown as boolean})).toThrowError(
        'unorderedSet: baseline must be true or false, got 1',
      );
      expect(() => st.enumerate({limit: 0.5})).toThrowError('enumerate: limit must be an integer >= 1, got 0.5');
      expect(() => st.importance({samples: 0})).toThrowError('importance: samples must be an integer >= 1, got 0');
      expect(() => st.importance({proposal: 3 as unknown as st.Distribution})).toThrowError(
        "importance: proposal must be a function from the node's distribution to another, or a distribution, got 3",
      );
      // @ts-expect-error: no such option
      expect(() => st.sumAndSample({sample: 3})).toThrowError(/unknown option "sample"; did you mean "samples"/);
    });

    it('a support that cannot be listed, or is too large', () => {
      const many = (): st.Distribution => st.independent(bernoulli(tf.zeros([2, 40])));
      for (const [name, estimator] of Object.entries({
        enumerate: st.enumerate(),
        raoBlackwell: st.raoBlackwell(),
        sumAndSample: st.sumAndSample(),
        unorderedSet: st.unorderedSet(),
      })) {
        expect(on(estimator, () => new st.Normal({loc: tf.zeros([2]), scale: 1}))).toThrowError(
          new RegExp(`estimator "${name}" needs a distribution with a finite support`),
        );
        expect(on(estimator, () => new st.Poisson({rate: tf.ones([2])}))).toThrowError(
          new RegExp(`estimator "${name}" needs a distribution with a finite support`),
        );
        expect(on(estimator, many)).toThrowError(
          `${name}: may list at most 1024 values (the option limit), but Independent(Bernoulli) of event shape [40] has more, got ${2 ** 40}`,
        );
      }
      expect(on(st.enumerate({limit: 4}), () => new st.Categorical({logits: theta()}))).toThrowError(
        /may list at most 4 values .*got 5/,
      );
    });

    it('a proposal that does not fit or does not cover', () => {
      const normal = (): st.Distribution => new st.Normal({loc: tf.zeros([2]), scale: 1});
      const by = (proposal: st.ImportanceConfig['proposal']): st.Estimator =>
        st.importance({...(proposal === undefined ? {} : {proposal})});
      const onFive = (proposal: st.ImportanceConfig['proposal']): (() => void) =>
        on(by(proposal), () => new st.Categorical({logits: theta()}));
      expect(on(by(new st.HalfNormal({scale: 1})), normal)).toThrowError(
        'importance: the proposal HalfNormal for Normal must cover its support, but it cannot give -0.3',
      );
      expect(on(by(new st.Uniform({low: -1, high: 1})), normal)).toThrowError(
        /must cover its support, but it cannot give 1.7/,
      );
      expect(on(by(new st.Bernoulli({probs: 0.5})), normal)).toThrowError(
        'importance: the proposal Bernoulli for Normal must be continuous',
      );
      expect(on(by(st.independent(new st.Normal({loc: [0, 0], scale: 1}))), normal)).toThrowError(
        /must have the event shape \[\], got \[2\]/,
      );
      expect(on(by(new st.Normal({loc: [0, 0, 0], scale: 1})), normal)).toThrowError(
        /must have a batch shape that broadcasts to \[2\], got \[3\]/,
      );
      expect(
        on(
          by(() => 1 as unknown as st.Distribution),
          normal,
        ),
      ).toThrowError('importance: the function must return a distribution, got 1');
      expect(onFive(new st.Normal({loc: 0, scale: 1}))).toThrowError(
        'importance: the proposal Normal for Categorical must be discrete',
      );
      expect(onFive(new st.Categorical({probs: [0.5, 0.5]}))).toThrowError(
        /must cover its support, but it cannot give 2/,
      );
      expect(onFive(new st.Categorical({probs: [0.25, 0.25, 0.25, 0.25, 0]}))).toThrowError(
        /must cover its support, but it gives some values the probability 0/,
      );
      expect(onFive(new st.Categorical({logits: [0, 0, 0, 0, -Infinity]}))).toThrowError(
        /gives some values the probability 0/,
      );
      expect(on(by(new st.Bernoulli({probs: 1})), () => bernoulli(tf.zeros([2])))).toThrowError(
        /gives some values the probability 0/,
      );
      expect(
        on(by(st.independent(new st.HalfNormal({scale: [1, 1]}))), () =>
          st.independent(new st.Normal({loc: tf.zeros([2]), scale: 1})),
        ),
      ).toThrowError(/must cover its support, but it cannot give \[-0.3, -0.3\]/);
      // and these do
      expect(on(by(new st.Normal({loc: 0, scale: 2})), () => new st.HalfNormal({scale: tf.ones([2])}))).not.toThrow();
      expect(
        on(by(new st.LogNormal({loc: 0, scale: 2})), () => new st.HalfNormal({scale: tf.ones([2])})),
      ).not.toThrow();
      expect(on(by(new st.Poisson({rate: 2})), () => new st.Categorical({logits: theta()}))).not.toThrow();
      expect(
        on(by(new st.Beta({concentration1: 1, concentration0: 1})), () => new st.Uniform({low: [0, 0], high: 1})),
      ).not.toThrow();
    });

    it('nothing else: the configurations can be saved and made again', () => {
      for (const estimator of [
        st.enumerate({limit: 7}),
        st.raoBlackwell({top: 2}),
        st.sumAndSample(),
        st.unorderedSet({samples: 3, baseline: false}),
        st.importance({samples: 2}),
      ]) {
        const again = st.estimators.get(
          estimator.name,
          JSON.parse(JSON.stringify(estimator.config)) as Record<string, unknown>,
        );
        expect(again.config).toEqual(estimator.config);
      }
      expect(st.importance({proposal: new st.Normal({loc: 0, scale: 1})}).config).toBeNull();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'weighted estimators in a long run',
  () => {
    const each: Record<string, () => st.Estimator> = {...makers, enumerate: () => st.enumerate()};
    for (const [name, make] of Object.entries(each)) {
      it(`${name} stays finite with logits at ±30 and leaves no tensors`, async () => {
        const logits = tf.variable(
          tf.tensor2d([
            [30, -30, 0, -30, 10],
            [-30, -30, -30, 30, -30],
            [30, 30, 30, 30, -30],
          ]),
        );
        const estimator = make();
        const optimizer = st.stochasticOptimizer(tf.train.sgd(0.01));
        const step = (): void => {
          optimizer.minimize(
            () =>
              tf.gather(
                tf.tensor1d(prices),
                tf.cast(new st.DistributionTensor(new st.Categorical({logits}), {estimator}).value, 'int32'),
              ),
            false,
            [logits],
          );
        };
        step();
        const before = tf.memory().numTensors;
        for (let i = 0; i < (inBrowser ? 2 : 20); i++) step();
        expect(tf.memory().numTensors).toBe(before);
        expect(Array.from(await logits.data()).every(Number.isFinite)).toBeTrue();
        optimizer.dispose();
        logits.dispose();
      });
    }

    it('a probability of exactly 0 gives no NaN', async () => {
      for (const make of Object.values(each)) {
        const [value, weights] = tf.tidy(() => {
          const drawn = make().draw!(
            new st.Categorical({
              probs: tf.tensor2d([
                [0.5, 0, 0.5, 0, 0],
                [1, 0, 0, 0, 0],
              ]),
            }),
            [make().coupling === 'exclusive' ? sizeOfDraw(make()) : 1],
            st.random.key(3),
          );
          return [tf.cast(drawn.value, 'float32'), drawn.weights!];
        });
        const w = Array.from(await weights.data());
        expect(w.every(Number.isFinite)).toBeTrue();
        const k = value.shape[0];
        const sums = await tf.tidy(() => tf.sum(weights, 0)).data();
        if (k > 1) sums.forEach(s => expect(s / k).toBeCloseTo(1, 4)); // without replacement the weights add up
        tf.dispose([value, weights]);
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

function sizeOfDraw({samples}: st.Estimator): number {
  return typeof samples === 'function'
    ? samples(new st.Categorical({probs: [0.2, 0.2, 0.2, 0.2, 0.2]}))
    : (samples ?? 1);
}
