/** What is a cost, and costs of several plates. */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describeBackends(
  'costs',
  () => {
    for (const [n, m] of [
      [5, 7],
      [3, 3],
      [1, 4],
      [2, 4],
    ] as const) {
      it(`of plates of ${n} and ${m} each have their mean, in variableGrads and surrogateLoss alike`, async () => {
        const [a, b] = [tf.variable(tf.fill([n], 0.3)), tf.variable(tf.fill([m], -0.6))];
        const draws: tf.Tensor[] = [];
        const costs = (): tf.Tensor[] => {
          const [x, y] = [a, b].map(
            (logits, i) =>
              new st.DistributionTensor(new st.Bernoulli({logits}), {
                estimator: 'scoreFunction',
                key: st.random.key(i),
                name: `z${i}`,
              }).value,
          ) as [tf.Tensor, tf.Tensor];
          draws.push(tf.keep(tf.clone(x)), tf.keep(tf.clone(y)));
          return [tf.mul(x, 2), tf.add(tf.mul(y, 3), 1), tf.mul(tf.add(tf.sum(x), tf.sum(y)), tf.ones([1]))];
        };
        spyOn(console, 'warn');
        const ours = st.variableGrads(costs, [a, b]);
        const theirs = tf.variableGrads(() => tf.mean(st.surrogateLoss(costs())), [a, b]);
        const [x, y] = [Array.from(await draws[0]!.data()), Array.from(await draws[1]!.data())];
        const both = [...x, ...y].reduce((s, v) => s + v, 0);
        const wanted = {
          [a.name]: x.map(v => (v - sigmoid(0.3)) * ((2 * v) / n + both)),
          [b.name]: y.map(v => (v - sigmoid(-0.6)) * ((3 * v + 1) / m + both)),
        };
        for (const {grads} of [ours, theirs]) {
          for (const v of [a, b])
            (await grads[v.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(wanted[v.name]![i]!, 4));
        }
        tf.dispose([draws, ours, theirs, a, b]);
      });
    }

    it('that are numbers are pointed to st.cost', () => {
      const w = tf.variable(tf.tensor1d([0.3, 0.1]));
      const z = (): tf.Tensor =>
        new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction'}).value;
      for (const reward of [1, [1, 2], new Float32Array(2)]) {
        const costs = (): tf.Tensor[] => [z(), reward as unknown as tf.Tensor]; // as from JavaScript
        expect(() => st.variableGrads(costs, [w])).toThrowError(
          /^variableGrads: cost 1 must be a tensor; a reward .* st\.cost\(value, \{dependsOn: nodes\}\), got/,
        );
      }
      expect(() => st.variableGrads(() => ({}) as tf.Tensor, [w])).toThrowError(
        'variableGrads: cost 0 must be a tensor, got an object with keys none',
      );
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a node of nothing',
  () => {
    const empty: Record<string, () => st.Distribution> = {
      'Bernoulli batch': () => new st.Bernoulli({logits: tf.zeros([0])}),
      'Bernoulli event': () => st.independent(new st.Bernoulli({logits: tf.zeros([2, 0])})),
      'OneHotCategorical batch': () => new st.OneHotCategorical({logits: tf.zeros([0, 3])}),
      'Normal batch': () => new st.Normal({loc: tf.zeros([0]), scale: 1}),
      'Normal event': () => st.independent(new st.Normal({loc: tf.zeros([2, 0]), scale: 1})),
    };
    for (const [title, make] of Object.entries(empty)) {
      it(`is refused by all estimators alike: ${title}`, () => {
        const served = st.estimators.names().filter(name =>
          tf.tidy(() => {
            const estimator = st.estimators.get(name);
            if (!estimator.requires.accepts(make())) return false;
            const before = tf.memory().numTensors;
            for (const scope of [
              (f: () => void) => f(),
              (f: () => void) =>
                tf
                  .grad(x => (f(), tf.square(x)))(tf.scalar(1))
                  .dispose(),
            ]) {
              expect(() => scope(() => new st.DistributionTensor(make(), {estimator, name: 'z'})))
                .withContext(name)
                .toThrowError(
                  /^DistributionTensor: node "z" must have at least one sample of one number, got the shape \[.*0.*\]$/,
                );
            }
            expect(tf.memory().numTensors - before)
              .withContext(name)
              .toBeLessThan(8); // the parameters of the four
            estimator.dispose?.();
            return true;
          }),
        );
        expect(served.length).toBeGreaterThan(2);
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);
