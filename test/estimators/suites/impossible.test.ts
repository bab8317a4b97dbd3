/**
 * Outcomes that cannot be: masked classes, probabilities that round to 0 or 1, and costs that are NaN or infinite
 * there. Every registered estimator against exact enumeration, with values and all gradients finite.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrief, itInNode, sizeFor} from '../../helpers/backends.js';
import {exactGradient, gradientMoments, worstZ} from '../../helpers/estimates.js';
import {oneHotOf} from '../../../src/math/numerics.js';
import {train, type Draw, type Problem} from '../problems.js';

const size = (): number => sizeFor({cpu: 200, wasm: 250, webgl: 100, webgpu: 100});
const prices = [1.3, -0.4, 2.1];

/** What a cost is where the probability is 0. */
type Bad = 'NaN' | 'Infinity' | 'the logarithm of 0' | 'nothing special';
const bads: Bad[] = ['NaN', 'Infinity', 'the logarithm of 0', 'nothing special'];

/**
 * u·price of the outcome, bad at outcomes that cannot be. `index` and `possible` broadcast: which outcome [..., n], and
 * what can be [..., n, outcomes].
 */
function lookUp(index: tf.Tensor, possible: tf.Tensor, u: tf.Tensor, bad: Bad): tf.Tensor {
  const outcomes = possible.shape[possible.rank - 1]!;
  const hot = oneHotOf(tf.cast(index, 'float32'), outcomes);
  const price = tf.sum(tf.mul(hot, prices.slice(0, outcomes)), -1);
  const can = tf.sum(tf.mul(hot, possible), -1);
  if (bad === 'nothing special') return tf.mul(u, price);
  if (bad === 'the logarithm of 0') return tf.mul(u, tf.log(tf.mul(tf.exp(price), can)));
  return tf.mul(u, tf.where(tf.greater(can, 0), price, tf.fill(price.shape, bad === 'NaN' ? NaN : Infinity)));
}

/**
 * Rows of classes, each with its own probabilities, whose parameter has the weights in one list. With a `filler` for −∞
 * it is a mask that `make` is to give which leaves those classes out.
 */
function ofClasses(
  title: string,
  rows: number[][],
  make: (logits: tf.Tensor) => st.Distribution,
  bad: Bad,
  filler = -Infinity,
): Problem {
  const n = rows[0]!.length;
  const probsOf = (row: number[], r: number): number[] => {
    const left = row.map((l, k) => (rows[r]![k] === -Infinity ? -Infinity : l));
    const e = left.map(l => Math.exp(l - Math.max(...left)));
    return e.map(x => x / e.reduce((a, b) => a + b, 0));
  };
  const possible = rows.map((row, r) => probsOf(row, r).map(p => (Math.fround(p) > 1.2e-38 ? 1 : 0)));
  return {
    title: `${title}, ${bad}`,
    parameters: {theta: rows.flat().map(l => Math.max(l, filler)), u: [1.5]},
    costs({theta, u}, draw) {
      const q = make(tf.reshape(theta!, [-1, rows.length, n]));
      const x = tf.cast(draw(q), 'float32');
      const index = q.eventShape.length === 0 ? x : tf.sum(tf.mul(x, tf.range(0, n)), -1);
      return lookUp(index, tf.tensor2d(possible), u!, bad);
    },
    expectation: ({theta, u}) =>
      (rows.reduce(
        (sum, _, r) =>
          sum + probsOf(theta!.slice(r * n, r * n + n), r).reduce((s, p, k) => s + (p > 0 ? p * prices[k]! : 0), 0),
        0,
      ) *
        u![0]!) /
      rows.length,
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Rows of binary variables. */
function ofBits(title: string, logits: number[], make: (logits: tf.Tensor) => st.Distribution, bad: Bad): Problem {
  const possible = logits.map(l => [l < 17 ? 1 : 0, l > -80 ? 1 : 0]); // in float32, by the probability
  return {
    title: `${title}, ${bad}`,
    parameters: {theta: logits, u: [1.5]},
    costs: ({theta, u}, draw) => lookUp(tf.cast(draw(make(theta!)), 'float32'), tf.tensor2d(possible), u!, bad),
    expectation: ({theta, u}) =>
      (theta!.reduce((sum, l) => sum + sigmoid(l) * prices[1]! + sigmoid(-l) * prices[0]!, 0) * u![0]!) / logits.length,
  };
}

/** An event of a certain and of an open bit: the cost is bad where the first is not what it must be. */
function ofEvent(title: string, make: (logits: tf.Tensor) => st.Distribution, bad: Bad): Problem {
  return {
    title: `${title}, ${bad}`,
    parameters: {theta: [1e4, 0.3], u: [1.5]},
    costs({theta, u}, draw) {
      // two bits
      const [a, b] = tf.unstack(tf.cast(draw(st.independent(make(theta!))), 'float32'), -1) as [tf.Tensor, tf.Tensor];
      return tf.mul(lookUp(a, tf.tensor1d([0, 1]), tf.squeeze(u!, [-1]), bad), tf.add(b, 0.7));
    },
    expectation: ({theta, u}) => prices[1]! * (sigmoid(theta![1]!) + 0.7) * u![0]! * sigmoid(theta![0]!),
  };
}

const none = -Infinity;
const masked = [
  [0.3, none, -0.5],
  [none, none, 0.2],
  [none, 0.4, 0.1],
];
const mask = masked.map(row => row.map(l => l > none));
const saturated = [
  [1e4, 0, -1e4],
  [-90, 90, 0],
];
const all = bads.flatMap(bad => [
  ofClasses('Categorical with masked logits', masked, logits => new st.Categorical({logits}), bad),
  ofClasses('OneHotCategorical with masked logits', masked, logits => new st.OneHotCategorical({logits}), bad),
  ofClasses(
    'Categorical with probs of masked logits',
    masked,
    logits => new st.Categorical({probs: tf.softmax(logits)}),
    bad,
  ),
  ofClasses(
    'Categorical with a mask',
    masked,
    logits => new st.Categorical({logits, mask: tf.tensor2d(mask, undefined, 'bool')}),
    bad,
    -0.7,
  ),
  ofClasses(
    'OneHotCategorical of probs with a mask',
    masked,
    logits => new st.OneHotCategorical({probs: tf.softmax(logits), mask}),
    bad,
    -0.7,
  ),
  ofClasses('Categorical with saturated logits', saturated, logits => new st.Categorical({logits}), bad),
  ofClasses(
    'OneHotCategorical with saturated probs',
    saturated,
    logits => new st.OneHotCategorical({probs: tf.softmax(logits)}),
    bad,
  ),
  ofBits(
    'Bernoulli with probs of saturated logits',
    [20, -90, 1e4, -1e4],
    logits => new st.Bernoulli({probs: tf.sigmoid(logits)}),
    bad,
  ),
  ofBits('Bernoulli with saturated logits', [90, -90, 1e4, -1e4], logits => new st.Bernoulli({logits}), bad),
  ofEvent('an event with a certain bit by probs', logits => new st.Bernoulli({probs: tf.sigmoid(logits)}), bad),
  ofEvent('an event with a certain bit by logits', logits => new st.Bernoulli({logits}), bad),
]);
/** In brief every other pair of program and kind of cost. */
const problems = all.filter((_, i) => process.env.FULL === '1' || i % 2 === 0);

/** A smooth cost, for estimators that see it between the outcomes. */
const smooth: Problem[] = [masked, saturated].map(rows => {
  const {title, parameters, expectation} = ofClasses(
    'smooth costs of OneHotCategorical',
    rows,
    logits => new st.OneHotCategorical({logits}),
    'nothing special',
  );
  return {
    title: `${title}, ${rows === masked ? 'masked' : 'saturated'}`,
    parameters,
    expectation,
    costs: ({theta, u}, draw) =>
      tf.mul(
        u!,
        tf.sum(tf.mul(draw(new st.OneHotCategorical({logits: tf.reshape(theta!, [-1, rows.length, 3])})), prices), -1),
      ),
  };
});
/** They ask for the cost at soft values, or at the mean: it must be defined there. */
const between = ['gumbelSoftmax', 'muProp', 'rebar'];

const make = (name: string): st.Estimator => st.estimators.get(name, name === 'critic' ? {target: 'monteCarlo'} : {});

/**
 * How far value and gradients are from those of exact enumeration, NaN where one is not finite; null where the
 * estimator cannot serve the problem.
 */
async function judge(estimator: st.Estimator, problem: Problem): Promise<number | null> {
  let accepted = true;
  tf.tidy(() => {
    problem.costs(
      Object.fromEntries(Object.entries(problem.parameters).map(([name, list]) => [name, tf.tensor2d([list])])),
      q => {
        accepted &&= estimator.requires.accepts(q);
        return q.sample();
      },
    );
  });
  if (!accepted) return null;
  st.random.setSeed(17);
  train(problem, estimator, 2);
  const draw: Draw = q => new st.DistributionTensor(q, {estimator}).value;
  const moments = await gradientMoments(problem.parameters, size(), p => problem.costs(p, draw));
  if (!Object.values(moments).every(({mean}) => mean.every(Number.isFinite))) return NaN;
  const exact = exactGradient(problem.parameters, problem.expectation);
  return estimator.bias === 'biased' ? 0 : worstZ(moments, exact);
}

describeBackends(
  'outcomes that cannot be',
  () => {
    for (const name of inBrief ? ['enumerate', 'importance', 'scoreFunction'] : st.estimators.names()) {
      const given = between.includes(name)
        ? smooth
        : inBrief
          ? problems.filter((_, i) => i % 5 === 0)
          : [...problems, ...smooth];
      it(`leave ${name} right`, async () => {
        for (const problem of given) {
          const estimator = make(name);
          const before = tf.memory().numTensors;
          const z = await judge(estimator, problem);
          estimator.dispose?.();
          expect(tf.memory().numTensors).withContext(problem.title).toBeLessThanOrEqual(before);
          if (z !== null) expect(z).withContext(problem.title).toBeLessThan(4.5); // NaN is not
        }
      });
    }

    itInNode('are caught where an estimator shows them to costs, or a network sees them', async () => {
      const problem = problems.find(({title}) => title === 'Categorical with masked logits, NaN')!;
      const wrong: Record<string, st.Estimator> = {
        'enumerate that lists them': {
          ...st.enumerate(),
          draw(q, shape, key) {
            return {...st.enumerate().draw!(q, shape, key), value: q.enumerateSupport()};
          },
        },
        'importance that draws them': {
          ...st.importance({proposal: q => new st.Categorical({logits: tf.zeros([...q.batchShape, 3])})}),
          draw(q) {
            const value = new st.Categorical({logits: tf.zeros([...q.batchShape, 3])}).sample();
            return {value, weights: tf.mul(q.prob(value), 3)};
          },
        },
        'nvil that looks at infinite logits': st.nvil({
          context: node => Object.values(node.distribution.tensors())[0]!,
        }),
        'enumerate that weighs all alike': {
          ...st.enumerate(),
          draw(q, shape, key) {
            const {value, weights} = st.enumerate().draw!(q, shape, key);
            return {value, weights: tf.onesLike(weights!)};
          },
        },
      };
      for (const [title, estimator] of Object.entries(wrong)) {
        const z = await judge(estimator, problem);
        expect(z !== null && z < 4.5)
          .withContext(title)
          .toBeFalse();
        estimator.dispose?.();
      }
    });

    it('leave value and gradient in probs of 0 and 1 finite', async () => {
      for (const name of inBrief ? ['enumerate'] : st.estimators.names()) {
        if (between.includes(name)) continue;
        const probs = tf.tidy(() => tf.variable(tf.tensor1d([0, 1, 0.5])));
        const weights = tf.tidy(() =>
          tf.variable(
            tf.tensor2d([
              [0.4, 0, 0.6],
              [0, 1, 0],
            ]),
          ),
        );
        for (const [q, w] of [
          [() => new st.Bernoulli({probs}), probs],
          [() => new st.OneHotCategorical({probs: weights}), weights],
          [() => new st.Categorical({probs: weights}), weights],
        ] as const) {
          const estimator = make(name);
          if (estimator.requires.accepts(q())) {
            st.random.setSeed(4);
            const {value, grads} = st.variableGrads(() => {
              const node = new st.DistributionTensor(q(), {estimator});
              const x = tf.cast(node.value, 'float32');
              const score = q().eventShape.length === 0 ? x : tf.sum(tf.mul(x, [0, 1, 2]), -1);
              // the log-probability of what was drawn is finite too
              return tf.add(tf.square(score), estimator.differentiable ? 0 : node.logProb());
            }, [w]);
            expect(Number.isFinite((await value.data())[0]))
              .withContext(`${name}, ${q().name}: value`)
              .toBeTrue();
            expect(Array.from(await grads[w.name]!.data()).every(Number.isFinite))
              .withContext(`${name}, ${q().name}: gradient`)
              .toBeTrue();
            tf.dispose([value, grads]);
          }
          estimator.dispose?.();
        }
        tf.dispose([probs, weights]);
      }
    });
  },
  {inBrief: ['webgpu'], inNode: ['wasm']},
);
