import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, sequential, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';

const disposeAll = (found: stl.MonteCarloPrediction | stl.MonteCarloPrediction[]): void => {
  for (const one of Array.isArray(found) ? found : [found])
    tf.dispose([one.samples, one.mean, one.stddev, ...(one.quantiles === null ? [] : [one.quantiles])]);
};

describeBackends(
  'predictions with random layers drawing',
  () => {
    beforeEach(() => st.random.setSeed(1));

    it('have the mean and the spread of the distribution, and leave dropout and the layers as they were', async () => {
      const random = stl.normal({seed: 3});
      const model = sequential({layers: [layers.dropout({rate: 0.9, inputShape: [2]}), random]});
      const x = tf.tensor2d([[1, Math.log(Math.E ** 2 - 1)]]); // softplus of which is 2
      const before = tf.memory().numTensors;
      const found = stl.monteCarlo(model, x, {samples: 400});
      expect(found.samples.shape).toEqual([400, 1, 1]);
      expect(found.quantiles).toBeNull();
      expect(Math.abs((await found.mean.data())[0]! - 1)).toBeLessThan((4.5 * 2) / 20);
      expect(Math.abs((await found.stddev.data())[0]! / 2 - 1)).toBeLessThan(4.5 / Math.sqrt(800));
      expect(random.inference).toBe('mean');
      expectNear(await value(model.predict(x) as tf.Tensor), [1], 'afterwards');
      disposeAll(found);
      expect(tf.memory().numTensors).toBe(before);
      x.dispose();
      model.dispose();
    });

    it('have the quantiles of the draws, in the order that they were asked for', async () => {
      const model = sequential({layers: [stl.normal({seed: 3, inputShape: [4]})]});
      const x = tf.tensor2d([
        [0, 5, 1, -1],
        [2, 1, 0, 3],
      ]);
      const quantiles = [0.5, 0, 1, 0.05, 0.3];
      const {samples, ...rest} = stl.monteCarlo(model, x, {samples: 8, quantiles});
      expect(rest.quantiles!.shape).toEqual([5, 2, 2]);
      const draws = ((await samples.array()) as number[][][]).map(rows => rows.flat());
      const exact = quantiles.map(p =>
        [0, 1, 2, 3].map(j => {
          const sorted = draws.map(row => row[j]!).sort((a, b) => a - b);
          const [k, rest] = [Math.floor(p * 7), (p * 7) % 1];
          return sorted[k]! + rest * ((sorted[k + 1] ?? 0) - sorted[k]!);
        }),
      );
      expectNear(await rest.quantiles!.data(), exact.flat(), 'quantiles');
      disposeAll({samples, ...rest});
      tf.dispose(x);
      model.dispose();
    });

    it('are those of one network each where weights are random, also over several batches, and spread as they should', async () => {
      const layer = stl.denseReparameterization({
        ...{units: 1, inputShape: [1], seed: 2, useBias: false, weights: [tf.ones([1, 1])]},
        posterior: {name: 'normal', config: {scale: 0.5}},
      });
      const model = sequential({layers: [layers.batchNormalization({inputShape: [1]}), layer]});
      const x = tf.tensor2d([1, 2, -1, 0.5, 3], [5, 1]);
      const statistics = async (): Promise<number[]> =>
        (await Promise.all(model.layers[0]!.getWeights().map(w => w.data()))).flatMap(w => [...w]);
      const start = await statistics();
      const before = tf.memory().numTensors;
      const found = stl.monteCarlo(model, x, {samples: 200, batchSize: 2});
      const draws = ((await found.samples.array()) as number[][][]).map(rows => rows.map(([y]) => y!));
      for (const row of draws) row.forEach((y, i) => expect(y).toBeCloseTo([1, 2, -1, 0.5, 3][i]! * row[0]!, 4));
      expect(new Set(draws.map(row => row[0])).size).toBe(200);
      const [m, s] = [(await found.mean.data())[0]!, (await found.stddev.data())[0]!];
      expect(Math.abs(m - 1)).toBeLessThan((4.5 * 0.5) / Math.sqrt(200));
      expect(Math.abs(s / 0.5 - 1)).toBeLessThan(4.5 / Math.sqrt(400));
      expect(await statistics()).toEqual(start);
      disposeAll(found);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(x);
      model.dispose();
    });

    it('serve all outputs with one draw, and find random layers inside models and wrappers', async () => {
      const inner = sequential({
        layers: [layers.timeDistributed({layer: stl.bernoulli(), inputShape: [2, 3]}), layers.flatten()],
      });
      const x = input({shape: [2, 3]});
      const bits = inner.apply(x) as SymbolicTensor;
      const twice = layers.add().apply([bits, bits]) as SymbolicTensor;
      const model = modelOf({inputs: x, outputs: [bits, twice]});
      const given = tf.zeros([5, 2, 3]);
      const before = tf.memory().numTensors;
      const found = stl.monteCarlo(model, given, {samples: 3, quantiles: [0.5]}) as stl.MonteCarloPrediction[];
      expect(found.map(({samples}) => samples.shape)).toEqual([
        [3, 5, 6],
        [3, 5, 6],
      ]);
      const [a, b] = await Promise.all(found.map(({samples}) => samples.data()));
      expect([...b!]).toEqual(Array.from(a!, bit => 2 * bit));
      expect(new Set(a)).toEqual(new Set([0, 1]));
      disposeAll(found);
      expect(tf.memory().numTensors).toBe(before);
      given.dispose();
      model.dispose();
    });

    it('are told apart by draws and examples, also where a layer makes one row of a batch', async () => {
      class MeanOfBatch extends layers.Layer {
        static className = 'MeanOfBatchOfTest';
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          return tf.mean([inputs].flat()[0]!, 0, true);
        }
      }
      const random = stl.stochastic({
        distribution: ([loc]) => new st.Normal({loc: loc!, scale: 1e-4}),
        inputShape: [1],
      });
      const x = tf.tensor2d([0, 10, 20], [3, 1]);
      for (const [list, draws, expected] of [
        [[random], 2500, [0, 10, 20]], // more rows than are predicted at once
        [[random, new MeanOfBatch({})], 40, [10]],
      ] as const) {
        const model = sequential({layers: [...list]});
        const found = stl.monteCarlo(model, x, {samples: draws, batchSize: 1024});
        expect(found.samples.shape).toEqual([draws, expected.length, 1]);
        const samples = await found.samples.data();
        expect(samples.every((y, i) => Math.abs(y - expected[i % expected.length]!) < 0.1)).toBeTrue();
        expect(new Set(samples).size).toBeGreaterThan(draws / 2);
        disposeAll(found);
      }
      x.dispose();
    });

    it('are refused in one sentence, and leave nothing behind and nothing changed', () => {
      const random = stl.normal({inputShape: [2]});
      const model = sequential({layers: [random]});
      const x = tf.ones([1, 2]);
      const before = tf.memory().numTensors;
      const run =
        (args: object, given: tf.Tensor = x) =>
        () =>
          stl.monteCarlo(model, given, args);
      expect(run({samples: 0})).toThrowError(/^stl.monteCarlo: samples must be an integer >= 1, got 0/);
      expect(run({samples: -3})).toThrowError(/^stl.monteCarlo: samples/);
      expect(run({batchSize: 0.5})).toThrowError(/^stl.monteCarlo: batchSize/);
      expect(run({quantiles: 0.5})).toThrowError(
        'stl.monteCarlo: quantiles must be a list of numbers in [0, 1], got 0.5',
      );
      for (const p of [-0.1, 1.1, NaN, '0.5'])
        expect(run({quantiles: [0.5, p]})).toThrowError(/^stl.monteCarlo: quantiles must be .*\[0, 1\], got /);
      expect(run({sample: 3})).toThrowError(/^stl.monteCarlo: unknown option "sample"/);
      const wide = tf.ones([1, 3]);
      const rule = /^stl.monteCarlo: input "\w+" must be a tensor of shape \[any,2\], got/;
      for (const given of [wide, [[1, 2]], null]) expect(run({}, given as tf.Tensor)).toThrowError(rule);
      expect(run({}, [x, x] as never)).toThrowError(/^stl.monteCarlo: the model needs 1 input, got 2/);
      expect(() => stl.monteCarlo(sequential(), x)).toThrowError(/^stl.monteCarlo: /);
      wide.dispose();
      expect(() => stl.monteCarlo(null as never, x)).toThrowError('stl.monteCarlo: needs a model, got null');
      const plain = sequential({layers: [layers.dense({units: 1, inputShape: [2]})]});
      expect(() => stl.monteCarlo(plain, x)).toThrowError(/^stl.monteCarlo: the model must have a random layer/);
      plain.dispose();
      expect(tf.memory().numTensors).toBe(before);
      const gru = layers.simpleRNN({
        ...{units: 1, stateful: true, batchInputShape: [1, 2, 2], name: 'memory'},
        recurrentInitializer: 'glorotUniform',
      });
      const stateful = sequential({layers: [gru, stl.bernoulli()]});
      expect(() => stl.monteCarlo(stateful, x)).toThrowError(
        'stl.monteCarlo: layer "memory" is stateful, and would go on from draw to draw',
      );
      stateful.dispose();
      expect(random.inference).toBe('mean');
      tf.dispose(x);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

async function value(t: tf.Tensor): Promise<number[]> {
  const data = await t.data();
  t.dispose();
  return [...data];
}
