/** RELAX with the control variate of its paper: the cost itself at relaxed values, and a network. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {bernoulli, binary, classes, oneBernoulli, square, varianceOf, zOf, type Problem} from './problems.js';

const full = process.env.FULL === '1';
const n = (): number => (full ? 100_000 : sizeFor({cpu: 8000, wasm: 20_000, webgl: 3000, webgpu: 3000}));
/** The rest takes long; proofs.test.ts judges all of them, with smaller numbers. */
const few = ['one node', 'a chain of two with a cost at each', 'an event of two OneHotCategoricals'];
const served = [...binary, ...classes.filter(p => p.title.includes('OneHot'))].filter(
  p => full || few.includes(p.title),
);
const make = (config: st.RelaxConfig = {}): st.Estimator =>
  st.relax({units: [6], temperature: 0.4, relaxedCost: true, ...config});
const chain = binary.find(p => p.title.startsWith('a chain'))!;
/** The cost of each bit is felt through the noise of all others. */
const manyBits: Problem = {
  title: 'twenty bits',
  parameters: {theta: Array.from({length: 20}, (_, i) => 0.1 * (i - 10))},
  costs: ({theta}, draw) => square(tf.add(tf.mean(draw(st.independent(bernoulli(theta!))), -1), 1), 0.2),
  expectation: () => 0,
};

describeBackends(
  'relax with the relaxed cost is unbiased',
  () => {
    for (const problem of served) {
      it(`on ${problem.title}, before and after training`, async () => {
        const estimator = make();
        const before = tf.memory().numTensors;
        expect(await zOf(problem, estimator, {n: Math.ceil(n() / 2)})).toBeLessThan(4.5);
        expect(
          await zOf(problem, estimator, {n: n(), warmup: sizeFor({cpu: 20, wasm: 30, webgl: 3, webgpu: 3})}),
        ).toBeLessThan(4.5);
        estimator.dispose!();
        expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
      });
    }

    it('at every stage of training', async () => {
      for (const [problem, size] of !full
        ? [[oneBernoulli, MANY] as const]
        : [[oneBernoulli, MANY] as const, [chain, n()] as const]) {
        const estimator = make();
        for (const warmup of [1, 10, 60])
          expect(await zOf(problem, estimator, {n: size, warmup}))
            .withContext(`${problem.title} ${warmup}`)
            .toBeLessThan(4.5);
        estimator.dispose!();
      }
    });

    it('with a network of the user’s, and with several samples', async () => {
      const scale = tf.tidy(() => tf.variable(tf.scalar(0.7)));
      const estimator = st.relax({
        relaxedCost: true,
        controlVariate: {call: (z: tf.Tensor) => tf.mul(scale, tf.tanh(z)), variables: [scale]},
      });
      expect(await zOf(oneBernoulli, estimator, {n: n(), warmup: 20})).toBeLessThan(4.5);
      expect((await scale.data())[0]).not.toBe(Math.fround(0.7)); // trained with the rest
      estimator.dispose!();
      scale.dispose();
      const several = make();
      expect(
        await zOf(chain, several, {n: Math.ceil(n() / 2), warmup: 5}, {valueType: st.sampleValue(3)}),
      ).toBeLessThan(4.5);
      several.dispose!();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'relax with the relaxed cost put together wrongly is caught',
  () => {
    /** With its view of the node or of the cost changed. */
    function changed({
      memo,
      at,
    }: {
      memo?: (z: tf.Tensor, zTilde: tf.Tensor) => Record<string, tf.Tensor>;
      at?: (x: tf.Tensor, given: st.Downstream) => tf.Tensor;
    }): st.Estimator {
      const right = make();
      return {
        ...right,
        combine: (node, cost, downstream) =>
          right.combine(
            memo === undefined ? node : {...node, memo: memo(node.memo['z']!, node.memo['zTilde']!)},
            cost,
            at === undefined ? downstream : {...downstream, at: x => at(x, downstream)},
          ),
      };
    }
    const wrong: Record<string, [Problem, () => st.Estimator]> = {
      'z and z̃ exchanged': [oneBernoulli, () => changed({memo: (z, zTilde) => ({z: zTilde, zTilde: z})})],
      'z̃ drawn without regard to b': [oneBernoulli, () => changed({memo: z => ({z, zTilde: z})})],
      'the derivative of the relaxed cost left out': [
        oneBernoulli,
        () => changed({at: (x, given) => tf.add(st.stopGradient(given.at(x)), tf.mul(x, 0))}),
      ],
      'the draws below without their scores': [chain, () => changed({at: (x, given) => given.at(x, 'path')})],
      'the hard cost in the place of the relaxed one': [
        chain,
        () => changed({at: (x, given) => given.at(tf.add(tf.round(x), tf.sub(x, st.stopGradient(x))), 'total')}),
      ],
    };
    for (const [name, [problem, wrongly]] of Object.entries(wrong)) {
      it(name, async () => {
        const estimator = wrongly();
        expect(
          await zOf(problem, estimator, {n: sizeFor({cpu: 30_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000})}),
        ).toBeGreaterThan(4.5);
        estimator.dispose!();
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'relax with the relaxed cost',
  () => {
    it('varies less than with its network alone, from the first step on', async () => {
      const [plain, relaxed] = [st.relax(), make()];
      for (const warmup of [0, sizeFor({cpu: 60, wasm: 60, webgl: 10, webgpu: 10})]) {
        expect(await varianceOf(manyBits, relaxed, {n: 4000, warmup})).toBeLessThan(
          0.9 * (await varianceOf(manyBits, plain, {n: 4000, warmup})),
        );
      }
      plain.dispose!();
      relaxed.dispose!();
    });

    it('varies less where draws lie below, by an average of earlier costs', async () => {
      const far: Problem = {
        ...chain,
        title: 'a chain far from 0',
        costs: (p, draw) =>
          tf.add(
            (chain.costs(p, draw) as tf.Tensor[]).reduce((a, b) => tf.add(a, b)),
            20,
          ),
      };
      const [right, without] = [make(), make()];
      const deaf: st.Estimator = {
        ...without,
        combine: (node, cost, downstream) =>
          without.combine(node, cost, {...downstream, at: x => downstream.at(x, 'total')}),
      };
      const sizes = {n: 4000, warmup: 20};
      expect(await varianceOf(far, right, sizes)).toBeLessThan(0.3 * (await varianceOf(far, deaf, sizes)));
      right.dispose!();
      without.dispose!();
    });

    it('trains η, λ and the network, starts as the cost itself, and goes by name', async () => {
      const theta = tf.tidy(() => tf.variable(tf.fill([200], 0.4)));
      const gradientsOf = (estimator: st.Estimator): Record<string, tf.Tensor> => {
        const {value, grads} = st.variableGrads(
          () => square(new st.DistributionTensor(bernoulli(theta), {estimator, key: st.random.key(3)}).value, 0.2),
          [theta],
        );
        value.dispose();
        return grads;
      };
      const named = st.estimators.get('relax', {units: [5], temperature: 0.3, relaxedCost: true});
      expect(named.config).toEqual({units: [5], temperature: 0.3, relaxedCost: true});
      expect(named.evaluations).toBe(3);
      const rebar = st.rebar({temperature: 0.3}); // η = 1 and κ = 0: the network starts at 0
      const [own, expected] = [gradientsOf(named), gradientsOf(rebar)];
      expect(Object.keys(own).length).toBe(1 + 2 + 4); // θ; ln λ, η; two layers
      expect(Array.from(await own[theta.name]!.data())).toEqual(Array.from(await expected[theta.name]!.data()));
      tf.dispose([own, expected]);
      [named, rebar].forEach(estimator => estimator.dispose!());
      theta.dispose();
    });

    it('refuses what it cannot serve', () => {
      const theta = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.2])));
      const before = tf.memory().numTensors;
      const estimator = make();
      const needs =
        'estimator "relax" needs a distribution whose values can be softened (Bernoulli or OneHotCategorical of dtype float32, or Independent of one; not ' +
        'Categorical, whose values are class indices), got ';
      const bad: Array<[() => unknown, string]> = [
        [
          () => new st.DistributionTensor(new st.Categorical({logits: theta}), {estimator}),
          `DistributionTensor: ${needs}Categorical`,
        ],
        [
          () => st.relax({relaxedCost: 'yes' as unknown as boolean}),
          'relax: relaxedCost must be true or false, got "yes"',
        ],
        [
          () =>
            st.variableGrads(
              () => tf.square(st.stopGradient(new st.DistributionTensor(bernoulli(theta), {estimator}).value)),
              [theta],
            ),
          'relax at node "Bernoulli": the cost must be a differentiable function of the value',
        ],
      ];
      for (const [run, message] of bad) expect(run).toThrowError(message);
      estimator.dispose!();
      expect(tf.memory().numTensors).toBe(before);
      theta.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
