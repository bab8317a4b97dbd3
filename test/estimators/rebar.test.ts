/** REBAR: the cost itself, at relaxed values, as control variate. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {
  bernoulli,
  binary,
  classes,
  column,
  oneBernoulli,
  square,
  varianceOf,
  zOf,
  type AnyEstimator,
  type Problem,
} from './problems.js';

const full = process.env.FULL === '1';
const n = (): number => sizeFor({cpu: 8000, wasm: MANY, webgl: 4000, webgpu: 4000});
const steps = (): number => sizeFor({cpu: 20, wasm: 40, webgl: 3, webgpu: 3});
/** The rest takes long; proofs.test.ts judges all of them, with smaller numbers. */
const few = ['one node', 'a chain of two with a cost at each', 'an event of two OneHotCategoricals'];
const problems = [
  ...binary,
  ...classes.filter(p => !/Categoricals?( with probs)?$/.test(p.title) || p.title.includes('OneHot')),
].filter(p => p.title !== 'a Bernoulli given a Categorical' && (full || few.includes(p.title)));

/** A cost that bends more than once, so that σ_λ matters. */
const bent = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.sin(tf.mul(x, 3)), 2), tf.exp(x));

const downstreamOfOneHot: Problem = {
  title: 'a Bernoulli given a OneHotCategorical',
  parameters: {theta: [0.3, -0.5, 0.8], eta: [0.4]},
  costs({theta, eta}, draw) {
    const k = tf.sum(tf.mul(draw(new st.OneHotCategorical({logits: theta!})), [0, 1, 2]), -1);
    const b = draw(bernoulli(tf.mul(column(eta!), tf.sub(k, 0.5))));
    return [square(b, -0.3), tf.mul(square(k, 1.4), 0.5)];
  },
  expectation: classes.find(p => p.title === 'a Bernoulli given a Categorical')!.expectation,
};
const toy: Problem = {
  title: 'the toy problem of RELAX',
  parameters: {theta: [0]},
  costs: ({theta}, draw) => square(draw(bernoulli(column(theta!))), 0.499),
  expectation: () => 0,
};
/** The cost of each bit is felt through the noise of all others. */
const manyBits: Problem = {
  title: 'twenty bits',
  parameters: {theta: Array.from({length: 20}, (_, i) => 0.1 * (i - 10))},
  costs: ({theta}, draw) => square(tf.add(tf.mean(draw(st.independent(bernoulli(theta!))), -1), 1), 0.2),
  expectation: () => 0,
};

describeBackends(
  'rebar is unbiased',
  () => {
    for (const problem of [...problems, downstreamOfOneHot]) {
      it(`on ${problem.title}, before and after training`, async () => {
        const estimator = st.rebar({temperature: 0.4, scale: 0.8});
        const size = Math.ceil(n() / 2);
        expect(await zOf(problem, estimator, {n: size})).toBeLessThan(4.5);
        expect(await zOf(problem, estimator, {n: n(), warmup: steps()})).toBeLessThan(4.5);
        estimator.dispose!();
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

/** REBAR with its view of the node or of the cost changed. */
function changed({
  memo,
  at,
}: {
  memo?: (z: tf.Tensor, zTilde: tf.Tensor) => Record<string, tf.Tensor>;
  at?: (x: tf.Tensor, given: st.Downstream) => tf.Tensor;
}): st.Estimator {
  const rebar = st.rebar({temperature: 0.4});
  return {
    ...rebar,
    combine: (node, cost, downstream) =>
      rebar.combine(
        memo === undefined ? node : {...node, memo: memo(node.memo['z']!, node.memo['zTilde']!)},
        cost,
        at === undefined ? downstream : {...downstream, at: x => at(x, downstream)},
      ),
  };
}

describeBackends(
  'rebar put together wrongly is caught',
  () => {
    const chain = binary.find(p => p.title.startsWith('a chain'))!;
    const wrong: Record<string, [Problem, () => AnyEstimator]> = {
      'z and z̃ exchanged': [oneBernoulli, () => changed({memo: (z, zTilde) => ({z: zTilde, zTilde: z})})],
      'z̃ drawn without regard to b': [oneBernoulli, () => changed({memo: z => ({z, zTilde: z})})],
      'the derivative of the relaxed cost left out': [
        oneBernoulli,
        () => changed({at: (x, given) => tf.add(st.stopGradient(given.at(x)), tf.mul(x, 0))}),
      ],
      'the draws below without their scores': [chain, () => changed({at: (x, given) => given.at(x, 'path')})],
    };
    for (const [name, [problem, make]] of Object.entries(wrong)) {
      it(name, async () => {
        const estimator = make() as st.Estimator; // each maker gives one
        expect(
          await zOf(problem, estimator, {n: sizeFor({cpu: 30_000, wasm: 100_000, webgl: 20_000, webgpu: 20_000})}),
        ).toBeGreaterThan(4.5);
        estimator.dispose!();
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

/** g for each copy of the parameters [n, 1], and the gradients of η, κ and ln λ, told apart by where they start. */
async function one(config: st.RebarConfig, n: number): Promise<{meanSquare: number; own: Record<string, number>}> {
  const theta = tf.tidy(() => tf.variable(tf.fill([n], 0.4)));
  const estimator = st.rebar(config);
  const {value, grads} = st.variableGrads(
    () => bent(new st.DistributionTensor(bernoulli(theta), {estimator, key: st.random.key(3)}).value),
    [theta],
  );
  const g = Array.from(await grads[theta.name]!.data());
  const variables = Object.values(tf.engine().registeredVariables).filter(v => v.name in grads && v !== theta);
  const own: Record<string, number> = {};
  const {scale, offset} = config as Required<st.RebarConfig>;
  for (const v of variables) {
    const start = (await v.data())[0];
    own[start === Math.fround(scale) ? 'scale' : start === Math.fround(offset) ? 'offset' : 'logTemperature'] = (
      await grads[v.name]!.data()
    )[0]!;
  }
  tf.dispose([theta, value, grads]);
  estimator.dispose!();
  return {meanSquare: g.reduce((sum, x) => sum + (x * n) ** 2, 0) / n, own};
}

describeBackends(
  'rebar learns',
  () => {
    it('η, κ and λ by the derivative of the mean square of the estimate, through the user’s function', async () => {
      const [config, size, h] = [{temperature: 0.6, scale: 0.7, offset: 0.3}, 400, 0.02];
      const {own} = await one(config, size);
      const slope = async (up: st.RebarConfig, down: st.RebarConfig): Promise<number> =>
        ((await one(up, size)).meanSquare - (await one(down, size)).meanSquare) / (2 * h);
      const byScale = await slope({...config, scale: 0.7 + h}, {...config, scale: 0.7 - h});
      const byTemperature = await slope(
        {...config, temperature: 0.6 * Math.exp(h)},
        {...config, temperature: 0.6 * Math.exp(-h)},
      );
      const byOffset = await slope({...config, offset: 0.3 + h}, {...config, offset: 0.3 - h});
      expect(Object.keys(own).sort()).toEqual(['logTemperature', 'offset', 'scale']);
      expect(Math.abs(own['offset']! - byOffset)).toBeLessThan(0.01 * Math.abs(byOffset));
      expect(Math.abs(own['scale']! - byScale)).toBeLessThan(0.01 * Math.abs(byScale));
      expect(Math.abs(own['logTemperature']! - byTemperature)).toBeLessThan(0.01 * Math.abs(byTemperature));
    });

    it('a variance far below that of the score function on the toy problem of RELAX', async () => {
      const plain = await varianceOf(toy, st.scoreFunction(), {n: 4000});
      const rebar = st.rebar();
      const trained = await varianceOf(toy, rebar, {
        n: 4000,
        warmup: sizeFor({cpu: 200, wasm: 200, webgl: 40, webgpu: 40}),
      });
      expect(trained).toBeLessThan(0.01 * plain);
      rebar.dispose!();
    });

    if (!full) return;
    it('a variance below that of the score function with a moving average where many bits make a cost', async () => {
      const average = st.scoreFunction({baseline: 'movingAverage'});
      const plain = await varianceOf(manyBits, average, {n: 4000, warmup: 30});
      const rebar = st.rebar();
      const trained = await varianceOf(manyBits, rebar, {
        n: 4000,
        warmup: sizeFor({cpu: 200, wasm: 200, webgl: 40, webgpu: 40}),
      });
      expect(trained).toBeLessThan(0.4 * plain);
      rebar.dispose!();
      average.dispose!();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'rebar',
  () => {
    it('refuses what it cannot serve', () => {
      const theta = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.2])));
      const before = tf.memory().numTensors;
      const needs =
        'estimator "rebar" needs a distribution whose values can be softened (Bernoulli or OneHotCategorical of dtype float32, or Independent of one; not ' +
        'Categorical, whose values are class indices), got ';
      const bad: Array<[() => unknown, string | RegExp]> = [
        [
          () => new st.DistributionTensor(new st.Categorical({logits: theta}), {estimator: 'rebar'}),
          `DistributionTensor: ${needs}Categorical`,
        ],
        [
          () => new st.DistributionTensor(new st.Bernoulli({logits: theta, dtype: 'int32'}), {estimator: 'rebar'}),
          `DistributionTensor: ${needs}Bernoulli`,
        ],
        [() => st.rebar({temperature: 0}), 'rebar: temperature must be a finite number > 0, got 0'],
        [() => st.rebar({temperature: Infinity}), 'rebar: temperature must be a finite number > 0, got Infinity'],
        [() => st.rebar({scale: NaN}), 'rebar: scale must be a finite number, got NaN'],
        [() => st.rebar({offset: '1' as unknown as number}), 'rebar: offset must be a finite number, got "1"'],
        [() => st.rebar({scales: 1} as st.RebarConfig), /^rebar: unknown option "scales"; did you mean "scale"\?/],
      ];
      for (const [run, message] of bad) expect(run).toThrowError(message);
      const estimator = st.rebar();
      for (const again of [1, 2]) {
        expect(() =>
          st.variableGrads(
            () => tf.square(st.stopGradient(new st.DistributionTensor(bernoulli(theta), {estimator}).value)),
            [theta],
          ),
        )
          .withContext(String(again))
          .toThrowError('rebar at node "Bernoulli": the cost must be a differentiable function of the value');
      }
      estimator.dispose!();
      expect(tf.memory().numTensors).toBe(before);
      theta.dispose();
    });

    it('stays finite with logits of ±30 and temperatures far out', async () => {
      for (const temperature of [1e-3, 100]) {
        const theta = tf.tidy(() => tf.variable(tf.tensor1d([-30, 30, 0])));
        const estimator = st.rebar({temperature});
        const {value, grads} = st.variableGrads(() => {
          const bits = new st.DistributionTensor(bernoulli(theta), {estimator}).value;
          const classes = new st.DistributionTensor(
            new st.OneHotCategorical({logits: tf.stack([theta, tf.neg(theta)], -1)}),
            {estimator},
          ).value;
          return tf.add(bent(bits), bent(tf.sum(tf.mul(classes, [1, 2]), -1)));
        }, [theta]);
        expect(Object.keys(grads).length).toBe(7); // λ, η and κ of two nodes
        for (const g of Object.values(grads)) expect((await g.data()).every(Number.isFinite)).toBeTrue();
        tf.dispose([theta, value, grads]);
        estimator.dispose!();
      }
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
