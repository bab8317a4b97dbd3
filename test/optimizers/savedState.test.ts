import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, gpuOf, inBrief} from '../helpers/backends.js';

type Weights = Awaited<ReturnType<st.StochasticOptimizer['getWeights']>>;

const data = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

function variable(values: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

/** Through JSON-safe numbers, as a file holds them. */
async function copied(weights: Weights): Promise<Weights> {
  const read = await Promise.all(
    weights.map(async ({name, tensor}) => ({
      name,
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: await data(tensor),
    })),
  );
  return read.map(({name, shape, dtype, values}) => ({name, tensor: tf.tensor(values, shape, dtype as 'int32')}));
}

const disposeAll = (weights: Weights): void => tf.dispose(weights.map(({tensor}) => tensor));

/** An optimizer like the one given, made of what a model's file holds of it. */
async function reloaded(optimizer: st.StochasticOptimizer): Promise<st.StochasticOptimizer> {
  const weights = await copied(await optimizer.getWeights());
  const config = JSON.parse(JSON.stringify(optimizer.getConfig())) as tf.serialization.ConfigDict;
  const [cls, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[optimizer.getClassName()]!;
  const again = fromConfig(cls, config) as st.StochasticOptimizer;
  await again.setWeights(weights);
  disposeAll(weights);
  return again;
}

/** On either side of saving. */
const STEPS = inBrief ? 3 : 7;

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.3),
  momentum: () => tf.train.momentum(0.1, 0.9, true),
  adam: () => tf.train.adam(0.2),
  rmsprop: () => tf.train.rmsprop(0.1, 0.8, 0.5),
  'rmsprop, centered': () => tf.train.rmsprop(0.1, 0.8, 0.5, -1e-3, true), // which tfjs subtracts,
  adagrad: () => tf.train.adagrad(0.5),
  adamax: () => tf.train.adamax(0.2, 0.9, 0.99, 1e-6, 0.1),
  adadelta: () => tf.train.adadelta(2, 0.9, 1e-3),
};

describeBackends(
  'the state of a stochastic optimizer',
  backend => {
    /** E Σ (bⱼ − tⱼ)² of two variables of different sizes. */
    const step = (
      optimizer: st.StochasticOptimizer,
      theta: tf.Variable[],
      estimator: st.Estimator,
      i: number,
    ): void => {
      optimizer.minimize(
        () => {
          const logits = tf.concat(theta);
          const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, key: st.random.key(i)});
          return tf.square(tf.sub(b.value, tf.tensor1d([0.9, 0.2, 0.4])));
        },
        false,
        theta,
      );
    };

    for (const [name, make] of Object.entries(optimizers)) {
      if (inBrief && backend !== gpuOf(name)) continue;
      it(`goes on to the bit after loading: ${name}`, async () => {
        const train = async (restores: boolean): Promise<number[][]> => {
          st.random.setSeed(4);
          const theta = [variable([0.1]), variable([0.3, -0.2])];
          const estimator = st.relax({units: [2]});
          let optimizer = st.stochasticOptimizer(make(), {controlVariateOptimizer: make()});
          for (let i = 0; i < STEPS; i++) step(optimizer, theta, estimator, i);
          if (restores) {
            const again = await reloaded(optimizer);
            expect(again.iterations).toBe(STEPS);
            expect(again.optimizer.iterations).toBe(STEPS);
            optimizer.dispose();
            optimizer = again;
          }
          for (let i = STEPS; i < 2 * STEPS; i++) step(optimizer, theta, estimator, i);
          const result = await Promise.all(theta.map(data));
          estimator.dispose!();
          optimizer.dispose();
          tf.dispose(theta);
          return result;
        };
        const before = tf.memory().numTensors;
        expect(await train(true)).toEqual(await train(false));
        expect(tf.memory().numTensors).toBe(before);
      });
    }
  },
  {inBrief: ['webgl', 'webgpu']},
);

describeBackends(
  'the state of a stochastic optimizer, wherever it comes from',
  () => {
    const plain =
      (...used: tf.Variable[]) =>
      (): tf.Tensor =>
        used.map(v => tf.sum(tf.square(v))).reduce((x, y) => tf.add(x, y));

    it('finds its variables again where they were met in another order than they are listed in', async () => {
      const train = async (restores: boolean): Promise<number[][]> => {
        const [a, b] = [variable([1, 2]), variable([3, -1])]; // of one size: a mix-up would go unseen
        let optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
        for (let i = 0; i < 3; i++) optimizer.minimize(plain(b), false, [b]);
        optimizer.minimize(plain(a, b), false, [a, b]);
        if (restores) {
          const again = await reloaded(optimizer);
          optimizer.dispose();
          // loading and saving at once loses nothing
          optimizer = await reloaded(again);
          again.dispose();
        }
        for (let i = 0; i < 3; i++) optimizer.minimize(plain(a, b), false, [a, b]);
        const result = await Promise.all([a, b].map(data));
        optimizer.dispose();
        tf.dispose([a, b]);
        return result;
      };
      expect(await train(true)).toEqual(await train(false));
    });

    it('takes the weights that earlier versions saved: those of the wrapped optimizer', async () => {
      const inner = tf.train.adam(0.1);
      const a = variable([1, 2]);
      for (let i = 0; i < 4; i++) inner.minimize(() => plain(a)() as tf.Scalar, false, [a]);
      const weights = await inner.getWeights();
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      await optimizer.setWeights(weights);
      expect(optimizer.iterations).toBe(4);
      const [own] = await inner.getWeights();
      expect(optimizer.optimizer.iterations).toBe(4);
      optimizer.minimize(plain(a), false, [a]);
      const again = await optimizer.getWeights();
      expect(again.length).toBe(1 + 4 + 2);
      tf.dispose([weights[0]!.tensor, own!.tensor, a]);
      inner.dispose();
      optimizer.dispose();
    });

    it('is refused with one error where it is that of something else', async () => {
      const a = variable([1, 2]);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      for (let i = 0; i < 2; i++) optimizer.minimize(plain(a), false, [a]);
      const weights = await copied(await optimizer.getWeights());
      const names = weights.map(({name}) => name);
      expect(names).toEqual([
        'stochasticOptimizer/numbers',
        'stochasticOptimizer/model/accumulatedFirstMoment/0',
        'stochasticOptimizer/model/accumulatedSecondMoment/0',
        'stochasticOptimizer/model/accBeta1',
        'stochasticOptimizer/model/accBeta2',
        'stochasticOptimizer/estimators/accBeta1',
        'stochasticOptimizer/estimators/accBeta2',
      ]);
      const message = async (given: unknown, inner: tf.Optimizer = tf.train.adam(0.1)): Promise<string> => {
        const next = st.stochasticOptimizer(inner);
        try {
          await next.setWeights(given as Weights); // what a file may hold
          next.minimize(plain(a), false, [a]);
          return 'nothing was thrown';
        } catch (error) {
          expect(error instanceof st.errors.StochasticError)
            .withContext(String(error))
            .toBeTrue();
          return (error as Error).message;
        } finally {
          next.dispose();
        }
      };
      const who = 'stochasticOptimizer.setWeights: ';
      const where = (at: number, tensor: tf.Tensor): Weights =>
        weights.map(({name, tensor: t}, i) => ({name, tensor: i === at ? tensor : t}));
      expect(await message(weights)).toBe('nothing was thrown');
      expect(await message(weights, tf.train.sgd(1))).toBe(
        `${who}SGD keeps nothing of the name, got "accumulatedFirstMoment/0"`,
      );
      expect(await message(weights, tf.train.adamax(1))).toContain('Adamax keeps nothing of the name');
      expect(await message(weights.slice(0, -1))).toBe(`${who}Adam must find 2 tensors, got 1`);
      expect(await message(weights.slice(1))).toContain(
        `there must be a tensor of the name stochasticOptimizer/numbers`,
      );
      expect(await message([...weights, {name: 'odd', tensor: weights[1]!.tensor}])).toBe(
        `${who}there is nothing of the name, got "odd"`,
      );
      for (const name of [
        '__proto__',
        'constructor/0',
        'accBeta1/0',
        'accumulatedFirstMoment/1',
        'accumulatedFirstMoment/-1',
      ])
        expect(
          await message(weights.map((w, i) => (i === 1 ? {...w, name: `stochasticOptimizer/model/${name}`} : w))),
        ).toBe(`${who}Adam keeps nothing of the name, got "${name}"`);
      const made = tf.tidy(() =>
        [tf.tensor1d([1, NaN]), tf.tensor1d([1, 2], 'int32'), tf.ones([3]), tf.ones([2])].map(t => tf.keep(t)),
      );
      const [nan, ints, three, two] = made as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      expect(await message(where(1, nan))).toBe(`${who}Adam: accumulatedFirstMoment/0 must be finite, got NaN`);
      expect(await message(where(1, ints))).toBe(`${who}Adam: accumulatedFirstMoment/0 must hold floats, got "int32"`);
      expect(await message(where(3, two))).toContain('Adam: accBeta1 must be a number');
      expect(await message(where(1, three))).toMatch(
        /^stochasticOptimizer: the moments of Adam that were loaded must be those of the variables that it trains; .* shape \[2\], got \[3\]$/,
      );
      expect(await message(where(0, two))).toContain('must begin with 9 counts');
      expect(await message(3)).toBe(`${who}needs a list of {name, tensor}, got 3`);
      expect(await message([{name: 'a', tensor: 3}])).toBe(`${who}"a" must be a tensor that is alive, got 3`);
      tf.dispose(made);
      disposeAll(weights);
      optimizer.dispose();
      a.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
