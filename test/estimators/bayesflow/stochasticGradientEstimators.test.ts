import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'bayesflow’s names',
  () => {
    const g = st.stochasticGradientEstimators;
    const logits = [0.3, -0.4, 0.9];
    const target = [1, 2, -3];

    /** The surrogate term of `estimator` for fixed costs, in each of `steps` steps, and log p(value). */
    async function terms(
      estimator: st.Estimator | st.LossFunction,
      steps = 1,
    ): Promise<{found: number[][]; logProb: number[]}> {
      const w = tf.variable(tf.tensor1d(logits));
      const kept: tf.Tensor[] = [];
      for (let i = 0; i < steps; i++) {
        tf.dispose(
          tf.variableGrads(() => {
            const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, key: st.random.key(2)});
            kept.push(tf.keep(node.loss(tf.tensor1d(target))!), tf.keep(node.logProb()));
            return tf.mean(w);
          }, [w]),
        );
      }
      const numbers: number[][] = [];
      for (const t of kept) numbers.push(Array.from(await t.data()));
      tf.dispose([w, kept]);
      return {found: numbers.filter((_, i) => i % 2 === 0), logProb: numbers[1]!};
    }

    const cases: Record<string, [() => st.Estimator | st.LossFunction, (cost: number) => number]> = {
      scoreFunction: [() => g.scoreFunction, c => c],
      getScoreFunctionWithConstantBaseline: [() => g.getScoreFunctionWithConstantBaseline(2), c => c - 2],
      'getScoreFunctionWithBaseline(fn)': [
        () => g.getScoreFunctionWithBaseline((_, __, cost) => tf.mul(cost, 0.25)),
        c => 0.75 * c,
      ],
      'getScoreFunctionWithAdvantage()': [() => g.getScoreFunctionWithAdvantage(), c => c],
      'getScoreFunctionWithAdvantage(fn)': [
        () => g.getScoreFunctionWithAdvantage((_, value) => tf.add(tf.mul(value, 0), 4)),
        () => 4,
      ],
      'getScoreFunctionWithBaseline(), first step': [() => g.getScoreFunctionWithBaseline(), c => c],
    };
    for (const [title, [make, advantage]] of Object.entries(cases)) {
      it(`${title} is log p(value) times its advantage`, async () => {
        const {
          found: [term],
          logProb,
        } = await terms(make());
        term!.forEach((t, i) => expect(t).toBeCloseTo(logProb[i]! * advantage(target[i]!), 5));
      });
    }

    it('scoreFunction takes a baseline as fourth argument', async () => {
      let kept: tf.Tensor = tf.scalar(0);
      kept.dispose();
      tf.tidy(() => {
        const node = new st.DistributionTensor(new st.Bernoulli({probs: [0.5, 0.5]}));
        kept = tf.keep(g.scoreFunction(node, node.value, tf.tensor1d([3, 4]), 1));
      });
      const wanted = [2, 3].map(c => Math.log(0.5) * c);
      (await kept.data()).forEach((x, i) => expect(x).toBeCloseTo(wanted[i]!, 5));
      kept.dispose();
    });

    it('getMeanBaseline subtracts the mean of earlier steps, never the current one', async () => {
      const baseline = g.getMeanBaseline(0.5);
      const {found, logProb} = await terms(g.getScoreFunctionWithBaseline(baseline), 3);
      const mean = target.reduce((a, b) => a + b, 0) / 3; // the same cost each time
      found[0]!.forEach((t, i) => expect(t).toBeCloseTo(logProb[i]! * target[i]!, 5));
      for (const later of found.slice(1))
        later.forEach((t, i) => expect(t).toBeCloseTo(logProb[i]! * (target[i]! - mean), 5));
      baseline.dispose!();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
