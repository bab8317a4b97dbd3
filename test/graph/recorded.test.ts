import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';
import {chanceOf, exactGradient, follow, policyAt, STEPS, ways} from './chain.js';

const logits = [
  [0.3, -0.4],
  [-0.2, 0.9],
  [0.5, 0.1],
];
/** Of the policy that acted. */
const behavior = [
  [-0.5, 0.2],
  [0.1, 0.1],
  [0.4, -0.3],
];

const close = (got: readonly number[], exact: readonly number[], digits = 5): void => {
  expect(got.length).toBe(exact.length);
  exact.forEach((d, i) => expect(got[i]).toBeCloseTo(d, digits));
};

/** Mean estimate and mean cost over all ways, each with the chance that the behaviour gives it. */
async function offPolicy(
  estimator: 'scoreFunction' | 'movingAverage' | 'dice',
  isWeighted: boolean,
): Promise<number[][]> {
  const table = tf.variable(tf.tensor2d(logits));
  const runs = ways.map(follow);
  const chances = tf.tensor1d(ways.map(way => ways.length * chanceOf(way, behavior)));
  const {value, grads} = st.variableGrads(() => {
    const at = (t: number): tf.Tensor => tf.tensor1d(runs.map(({places}) => places[t]!));
    let state = st.carry(at(0), {dependsOn: []});
    const costs: tf.Tensor[] = [];
    for (let t = 0; t < STEPS; t++) {
      const actions = tf.tensor1d(
        ways.map(way => way[t]!),
        'int32',
      );
      const action = new st.DistributionTensor(policyAt(table, state), {
        estimator,
        value: actions,
        ...(isWeighted ? {behaviorLogProb: policyAt(tf.tensor2d(behavior), state).logProb(actions)} : {}),
      });
      const prices = tf.tensor1d(runs.map(run => run.costs[t]!));
      costs.push(tf.mul(chances, st.cost(prices, {dependsOn: [state, action]})));
      state = st.carry(at(t + 1), {dependsOn: [state, action]});
    }
    return costs;
  }, [table]);
  const got = [await read(grads[table.name]!), await read(value)];
  tf.dispose([table, chances]);
  return got;
}

describeBackends('a recorded value', () => {
  it('of another policy is weighted: the enumerated policy gradient, and the expected cost', async () => {
    const exact = exactGradient(logits);
    const j = ways.reduce((s, way) => s + chanceOf(way, logits) * follow(way).costs.reduce((a, b) => a + b), 0);
    for (const estimator of ['scoreFunction', 'dice'] as const) {
      const [gradient, value] = await offPolicy(estimator, true);
      close(gradient!, exact, 4);
      close(value!, [j], 4);
    }
    const [biased] = await offPolicy('scoreFunction', false);
    expect(exact.some((d, i) => Math.abs(d - biased![i]!) > 0.05)).toBeTrue();
  });
});

describeBackends(
  'a recorded value',
  () => {
    const gradientOf = async (
      w: tf.Variable,
      q: () => st.Distribution,
      options: st.DistributionTensorOptions,
      cost: (x: tf.Tensor) => tf.Tensor,
    ): Promise<number[]> =>
      read(st.variableGrads(() => cost(new st.DistributionTensor(q(), options).value), [w]).grads[w.name]!);

    it('gives what a draw of that value gives', async () => {
      const w = tf.variable(tf.tensor1d([0.2, -0.5, 0.9]));
      const key = st.random.key(3);
      const families: Array<[() => st.Distribution, Array<'scoreFunction' | 'leaveOneOut' | 'pathwise'>]> = [
        [() => new st.Bernoulli({logits: w}), ['scoreFunction', 'leaveOneOut']],
        [() => new st.Normal({loc: w, scale: 0.7}), ['scoreFunction', 'leaveOneOut', 'pathwise']],
        [() => st.independent(new st.Normal({loc: w, scale: tf.exp(w)}), 1), ['scoreFunction', 'pathwise']],
        [() => new st.Categorical({logits: tf.outerProduct(tf.tensor1d([1, 2]), w)}), ['scoreFunction']],
      ];
      for (const [q, estimators] of families)
        for (const estimator of estimators) {
          const valueType = st.sampleValue(3);
          const options = {estimator: estimator as 'scoreFunction', key}; // the type of a general distribution knows no pathwise
          const value = q().sample([3], {key});
          const cost = (x: tf.Tensor): tf.Tensor => {
            const y = tf.square(tf.add(tf.cast(x, 'float32'), 0.4));
            return q().eventShape.length > 0 ? tf.sum(y, -1) : y;
          };
          close(
            await gradientOf(w, q, {...options, value}, cost),
            await gradientOf(w, q, {...options, valueType}, cost),
            4,
          );
          value.dispose();
        }
      w.dispose();
    });

    it('of another normal gives the gradient of the mean by quadrature, by score and by path', async () => {
      const w = tf.variable(tf.scalar(0.4));
      const n = 801;
      const grid = Array.from({length: n}, (_, i) => -10 + (20 * i) / (n - 1));
      const b = grid.map(x => Math.exp((-x * x) / 4.5) / Math.sqrt(2 * Math.PI * 2.25)); // N(0, 1.5)
      const weights = tf.tensor1d(b.map(p => p * 20 * (n / (n - 1))));
      for (const estimator of ['scoreFunction', 'pathwise'] as const) {
        const got = await gradientOf(
          w,
          () => new st.Normal({loc: tf.mul(w, tf.ones([n])), scale: 1}),
          {estimator: estimator, value: grid, behaviorLogProb: b.map(p => Math.log(p))},
          x => tf.mul(weights, tf.square(x)),
        );
        close(got, [0.8], 3); // of w² + 1
      }
      tf.dispose([w, weights]);
    });

    it('that the distribution cannot have counts nothing', async () => {
      const w = tf.variable(tf.scalar(2));
      const run = (value: number[]): Promise<number[]> =>
        gradientOf(
          w,
          () => new st.Uniform({low: tf.zeros([2]), high: tf.mul(w, tf.ones([2]))}),
          {estimator: (node, _, c) => tf.mul(node.logProb(), c), value, behaviorLogProb: [-1, -1]},
          x => tf.square(x),
        );
      const [inside, half] = [await run([1, 1]), await run([1, 5])];
      close(
        half,
        inside.map(d => d / 2),
      );
      w.dispose();
    });

    it('outside a gradient scope is what it was, of the type of a draw', async () => {
      const before = tf.memory().numTensors;
      const node = new st.DistributionTensor(new st.Categorical({logits: [0, 1]}), {value: [1, 0, 1]});
      expect(node.value.dtype).toBe('int32');
      close(await read(node.logProb()), [-0.3132617, -1.3132617, -0.3132617]);
      expect(await read(node.value)).toEqual([1, 0, 1]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('is refused where it does not fit', () => {
      const q = new st.Bernoulli({logits: [0, 1]});
      const make = (options: object) => () => void new st.DistributionTensor(q, options);
      expect(make({value: [1, 0, 1]})).toThrowError(
        'DistributionTensor: value must have the shape [sample…, 2] of a draw, got the shape [3]',
      );
      expect(make({value: [1, NaN]})).toThrowError('DistributionTensor: value must be finite, got NaN');
      expect(make({value: [1, 0], estimator: 'relax'})).toThrowError(
        /value: estimator "relax" draws values in a way of its own/,
      );
      expect(make({value: [1, 0], estimator: 'disarm'})).toThrowError(/draws values in a way of its own/);
      expect(make({value: [1, 0], valueType: st.sampleValue(2)})).toThrowError(
        /takes a value or a valueType, not both/,
      );
      expect(make({behaviorLogProb: [1, 0]})).toThrowError(/behaviorLogProb must come with the recorded `value`/);
      expect(make({value: [1, 0], behaviorLogProb: 1})).toThrowError(
        'DistributionTensor: behaviorLogProb must have the shape [2] of ln p(value), got the shape []',
      );
      expect(make({value: [1, 0], behaviorLogProb: [1, -Infinity]})).toThrowError(/behaviorLogProb must be finite/);
      expect(
        () => new st.DistributionTensor(new st.Gamma({concentration: 1, rate: 1}), {value: 1, estimator: 'pathwise'}),
      ).toThrowError(/value: estimator "pathwise" needs a distribution whose noise can be inferred .*, got "Gamma"/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
