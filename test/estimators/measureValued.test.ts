/**
 * Measure-valued derivatives: the cost at draws from the positive and the negative part of the derivative of the law.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {MANY, sigmoid} from '../helpers/estimates.js';
import {
  binary,
  classes,
  column,
  counts,
  oneBernoulli,
  positive,
  real,
  square,
  varianceOf,
  zOf,
  type Problem,
} from './problems.js';

const n = (): number => sizeFor({cpu: 8000, wasm: MANY, webgl: 4000, webgpu: 4000});
const onPages = [
  'an event of three',
  'a Bernoulli given a Categorical',
  'an event of two OneHotCategoricals',
  'one Normal',
  'an event of two Poissons',
  'one Gamma',
  'one Weibull, its concentration learnt',
];

/** ln Γ(x), x > 0, by Stirling's series above 8. */
const lgamma = (x: number): number =>
  x < 8
    ? lgamma(x + 1) - Math.log(x)
    : (x - 0.5) * Math.log(x) -
      x +
      0.5 * Math.log(2 * Math.PI) +
      1 / (12 * x) -
      1 / (360 * x ** 3) +
      1 / (1260 * x ** 5);
const gammaOf = (x: number): number => Math.exp(lgamma(x));
/** E (X^a − t)² from E X^a and E X^2a. */
const powerAbout = (one: number, two: number, t: number): number => two - 2 * t * one + t * t;

const more: Problem[] = [
  {
    title: 'one Normal with a jump in the cost',
    parameters: {theta: [0.6, 0.8]},
    costs: ({theta}, draw) =>
      tf.cast(tf.greater(draw(new st.Normal({loc: column(theta!), scale: column(theta!, 1)})), 0.3), 'float32'),
    expectation: ({theta}) => 1 - normalCdf((0.3 - theta![0]!) / theta![1]!),
  },
  {
    title: 'an event of two Normals, the scales learnt too',
    parameters: {theta: [0.7, -0.5], eta: [0.5, 0.9]},
    costs: ({theta, eta}, draw) =>
      square(tf.sum(draw(st.independent(new st.Normal({loc: theta!, scale: eta!}))), -1), 0.4),
    expectation: ({theta, eta}) => (theta![0]! + theta![1]! - 0.4) ** 2 + eta![0]! ** 2 + eta![1]! ** 2,
  },
  {
    title: 'one Gamma of small concentration with ln rate, a root as the cost',
    parameters: {theta: [0.4, 0.3]},
    costs: ({theta}, draw) =>
      square(tf.sqrt(draw(new st.Gamma({concentration: column(theta!), logRate: column(theta!, 1)}))), 0.5),
    expectation({theta}) {
      const [a, b] = theta as [number, number]; // two parameters
      return powerAbout((gammaOf(a + 0.5) / gammaOf(a)) * Math.exp(-b / 2), a * Math.exp(-b), 0.5);
    },
  },
  {
    title: 'one Exponential with a jump in the cost',
    parameters: {theta: [1.3]},
    costs: ({theta}, draw) => tf.cast(tf.greater(draw(new st.Exponential({rate: column(theta!)})), 0.7), 'float32'),
    expectation: ({theta}) => Math.exp(-0.7 * theta![0]!),
  },
  {
    title: 'one Weibull, its concentration learnt',
    parameters: {theta: [1.7, 1.2]},
    costs: ({theta}, draw) =>
      square(draw(new st.Weibull({concentration: column(theta!), scale: column(theta!, 1)})), 0.7),
    expectation({theta}) {
      const [k, s] = theta as [number, number]; // two parameters
      return powerAbout(s * gammaOf(1 + 1 / k), s * s * gammaOf(1 + 2 / k), 0.7);
    },
  },
  {
    title: 'one Poisson with ln rate',
    parameters: {theta: [0.4]},
    costs: ({theta}, draw) => square(draw(new st.Poisson({logRate: column(theta!)})), 1.3),
    expectation: ({theta}) => Math.exp(theta![0]!) + (Math.exp(theta![0]!) - 1.3) ** 2,
  },
  {
    title: 'one Poisson of integers',
    parameters: {theta: [1.4]},
    costs: ({theta}, draw) =>
      square(tf.cast(draw(new st.Poisson({rate: column(theta!), dtype: 'int32'})), 'float32'), 1.3),
    expectation: ({theta}) => theta![0]! + (theta![0]! - 1.3) ** 2,
  },
  {
    title: 'one Bernoulli of truth values',
    parameters: {theta: [0.4]},
    costs: ({theta}, draw) =>
      square(tf.cast(draw(new st.Bernoulli({logits: column(theta!), dtype: 'bool'})), 'float32'), 0.3),
    expectation: ({theta}) => sigmoid(theta![0]!) * 0.49 + (1 - sigmoid(theta![0]!)) * 0.09,
  },
];
const problems: Problem[] = [
  ...binary,
  ...classes,
  ...real,
  ...counts.filter(p => p.title.includes('Poisson')),
  ...positive,
  ...more,
].filter(p => !p.title.includes('autoencoder') && (!inBrowser || onPages.includes(p.title)));

/** Φ(x), by its series. */
function normalCdf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 60; k++) sum += term *= (-x * x * (2 * k - 1)) / (2 * k * (2 * k + 1));
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

describeBackends(
  'measureValued is unbiased',
  () => {
    for (const problem of problems) {
      it(`on ${problem.title}`, async () => {
        expect(await zOf(problem, 'measureValued', {n: n()})).toBeLessThan(4.5);
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

/** measureValued with the cost at its other values, or the parts that it drew, changed. */
function changed({
  at,
  memo,
}: {
  at?: (x: tf.Tensor, node: st.NodeView, given: st.Downstream) => tf.Tensor;
  memo?: (memo: st.NodeView['memo']) => st.NodeView['memo'];
}): st.Estimator {
  const right = st.measureValued();
  return {
    ...right,
    combine: (node, cost, downstream) =>
      right.combine(
        memo === undefined ? node : {...node, memo: memo(node.memo)},
        cost,
        at === undefined ? downstream : {...downstream, at: x => at(x, node, downstream)},
      ),
  };
}

describeBackends(
  'measureValued put together wrongly is caught',
  () => {
    const find = (title: string): Problem =>
      [...binary, ...classes, ...real, ...positive, ...counts, ...more].find(p => p.title === title)!;
    const weightsTimes =
      (by: number) =>
      (memo: st.NodeView['memo']): st.NodeView['memo'] =>
        Object.fromEntries(
          Object.entries(memo).map(([name, t]) => [name, name.startsWith('weight') ? tf.mul(t, by) : t]),
        );
    const valuesPlus =
      (by: number) =>
      (memo: st.NodeView['memo']): st.NodeView['memo'] =>
        Object.fromEntries(
          Object.entries(memo).map(([name, t]) => [name, name.startsWith('value') ? tf.add(t, by) : t]),
        );
    const cases: Record<string, [Problem, st.Estimator]> = {
      'a wrong sign': [oneBernoulli, changed({memo: weightsTimes(-1)})],
      'a constant that is off by a tenth': [real[0]!, changed({memo: weightsTimes(1.1)})],
      'all elements of an event changed at once': [
        find('an event of three'),
        changed({at: (_, {value}, given) => given.at(tf.sub(1, value))}),
      ],
      'parts that lie beside those of the law': [find('one Gamma'), changed({memo: valuesPlus(0.1)})],
      'a step of two for a count': [find('one Poisson'), changed({memo: valuesPlus(1)})],
      'the cost at the draw in the place of one class': [
        find('one OneHotCategorical'),
        changed({
          at: (x, {value}, given) =>
            tf.mul(
              given.at(x),
              tf.cast(tf.greater(tf.sum(tf.mul(x, [1, 1, 1, 0]), -1), tf.sum(tf.mul(value, 0), -1)), 'float32'),
            ),
        }),
      ],
    };
    for (const [name, [problem, estimator]] of Object.entries(cases)) {
      it(name, async () => {
        expect(
          await zOf(problem, estimator, {n: sizeFor({cpu: 20_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000})}),
        ).toBeGreaterThan(4.5);
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'measureValued',
  () => {
    const evaluations = (q: st.Distribution): number =>
      (st.measureValued().evaluations as (q: st.Distribution) => number)(q); // a function of the distribution

    it('evaluates as often as it says', () => {
      const tensor = (...values: number[]): tf.Tensor => tf.tensor1d(values);
      const cases: Array<[() => st.Distribution, number]> = [
        [() => new st.Bernoulli({logits: tensor(0.1, 0.2)}), 2],
        [() => st.independent(new st.Bernoulli({logits: tensor(0.1, 0.2, 0.3)})), 4],
        [() => new st.Normal({loc: tensor(0.1), scale: 2}), 3],
        [() => st.independent(new st.Normal({loc: tensor(0.1, 0.2), scale: tensor(1, 2)})), 7],
        [() => new st.Categorical({logits: tensor(1, 2, 3)}), 3],
        [() => st.independent(new st.OneHotCategorical({logits: tf.zeros([2, 4])})), 7],
        [() => new st.Gamma({concentration: tensor(1), logRate: tensor(2)}), 3],
        [() => new st.Normal({loc: 0, scale: 1}), 1],
      ];
      for (const [make, wanted] of cases) {
        let runs = 0;
        const w = tf.tidy(() => tf.variable(tf.scalar(1)));
        tf.tidy(() => {
          const q = make();
          expect(evaluations(q)).withContext(q.familyName).toBe(wanted);
          st.variableGrads(() => {
            runs++;
            const free = make();
            const alive = free.withTensors(
              Object.fromEntries(Object.entries(free.tensors()).map(([name, t]) => [name, tf.mul(t, w)])),
            );
            const x = tf.cast(new st.DistributionTensor(alive, {estimator: 'measureValued'}).value, 'float32');
            return tf.add(
              free.eventShape.length === 0
                ? x
                : tf.sum(
                    x,
                    Array.from({length: free.eventShape.length}, (_, i) => x.rank - 1 - i),
                  ),
              tf.mul(w, 0),
            );
          }, [w]);
          expect(runs).withContext(q.familyName).toBe(wanted);
        });
        w.dispose();
      }
    });

    it('takes several samples, in front and merged', async () => {
      const normal = real[0]!;
      for (const valueType of [st.sampleValue(3), st.sampleValue([2, 2]), st.sampleAndReshapeValue(3)]) {
        expect(await zOf(normal, 'measureValued', {n: Math.ceil(n() / 4)}, {valueType})).toBeLessThan(4.5);
        if (valueType.kind === 'sample')
          expect(await zOf(binary[2]!, 'measureValued', {n: Math.ceil(n() / 16)}, {valueType})).toBeLessThan(4.5);
      }
    });

    it('has no variance of its own for one Bernoulli, and less than the score function for a Normal', async () => {
      expect(await varianceOf(oneBernoulli, 'measureValued', {n: 500})).toBeLessThan(1e-9);
      const normal = real[0]!;
      expect(await varianceOf(normal, 'measureValued', {n: 4000})).toBeLessThan(
        0.7 * (await varianceOf(normal, 'scoreFunction', {n: 4000})),
      );
    });

    it('stays finite where a class is all but certain', async () => {
      for (const logit of [-30, 30]) {
        const theta = tf.tidy(() => tf.variable(tf.tensor1d([logit])));
        for (const make of [
          () => new st.Bernoulli({logits: theta}),
          () => new st.OneHotCategorical({logits: tf.stack([theta, tf.neg(theta)], -1)}),
          () => new st.Poisson({logRate: tf.div(theta, 3)}),
        ]) {
          const {value, grads} = st.variableGrads(() => {
            const x = new st.DistributionTensor<st.Distribution>(make(), {estimator: 'measureValued'}).value;
            return tf.square(x.rank > 1 ? tf.sum(tf.mul(x, [1, 2]), -1) : x);
          }, [theta]);
          expect(Number.isFinite((await grads[theta.name]!.data())[0]!)).toBeTrue();
          tf.dispose([value, grads]);
        }
        theta.dispose();
      }
    });

    it('refuses what it cannot serve', () => {
      const known =
        'a distribution with known weak derivatives \\(Bernoulli, Categorical, Exponential, Gamma, Normal, OneHotCategorical, Poisson, Weibull, or Independent of one\\)';
      expect(
        () => new st.DistributionTensor(new st.Laplace({loc: 0, scale: 1}), {estimator: 'measureValued'}),
      ).toThrowError(new RegExp(`^DistributionTensor: estimator "measureValued" needs ${known}, got Laplace$`));
      expect(() => st.measureValued({pairs: 2})).toThrowError(/^measureValued: unknown option "pairs"/);
      const theta = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.2])));
      const x = (): tf.Tensor =>
        new st.DistributionTensor(new st.Normal({loc: theta, scale: 1}), {estimator: 'measureValued'}).value;
      const lost =
        /^measureValued at node "Normal": each draw must have its own cost, and a cost couples the draws \[2\] \(.*\): keep the sample and batch axes, or take .* "leaveOneOut"$/;
      expect(() => st.variableGrads(() => tf.square(tf.sum(x(), 0, true)), [theta])).toThrowError(lost);
      expect(() =>
        st.variableGrads(() => {
          const value = x();
          return [tf.square(value), tf.square(tf.sum(value, 0, true))];
        }, [theta]),
      ).toThrowError(lost);
      theta.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
