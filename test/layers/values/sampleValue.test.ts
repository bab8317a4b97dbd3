import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, inBrief} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';
import {roundTrip} from '../costs/shared.js';
import {recorder, seeded} from '../models.js';

const STANDARD = {name: 'Normal', config: {loc: 0, scale: 1}};

describeBackends(
  'values drawn behind a distribution',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      x = st.random.normal([6, 3], {key: st.random.key(1)});
      y = st.random.normal([6, 2], {key: st.random.key(2)});
    });
    afterAll(() => tf.dispose([x, y]));
    beforeEach(() => st.random.setSeed(3));

    const around = (units: number, ...middle: layers.Layer[]): Sequential =>
      sequential({
        layers: [
          layers.dense({units, inputShape: [3], ...seeded(5)}),
          ...middle,
          layers.dense({units: 2, ...seeded(6)}),
        ],
      });

    /** What fit hands the optimizer, in order, and the loss. */
    async function fitted(model: Sequential): Promise<{gradients: number[]; loss: number}> {
      const {optimizer, read} = recorder();
      model.compile({optimizer, loss: 'meanSquaredError'});
      const {history} = await model.fit(x, y, {epochs: 1, batchSize: 6, shuffle: false, verbose: 0});
      const [step] = await read();
      const gradients = model.trainableWeights.flatMap(w => [...step![(w.read() as tf.Variable).name]!]);
      model.dispose();
      return {gradients, loss: history['loss']![0] as number};
    }

    const pairs: Record<string, {units: number; make: (args: object) => stl.StochasticLayer; args: object}> = {
      'normal, with a prior': {units: 8, make: stl.normal, args: {prior: STANDARD, klWeight: 0.3}},
      'normal, with free bits and a scale': {units: 8, make: stl.normal, args: {prior: STANDARD, freeBits: 0.2}},
      'bernoulli by its score': {units: 4, make: stl.bernoulli, args: {estimator: 'scoreFunction'}},
      'bernoulli by leaveOneOut, one draw after another': {
        ...{units: 4, make: stl.bernoulli},
        args: {samples: 3, estimator: {name: 'scoreFunction', config: {baseline: 'leaveOneOut'}}},
      },
      'one-hot vectors': {units: 4, make: stl.oneHotCategorical, args: {estimator: 'scoreFunction'}},
    };
    for (const [title, {units, make, args}] of Object.entries(pairs).slice(0, inBrief ? 1 : undefined)) {
      it(`train as the layer of that family: ${title}`, async () => {
        const own = await fitted(around(units, make({...args, seed: 4})));
        const behind = await fitted(around(units, make({output: 'distribution'}), stl.sampleValue({...args, seed: 4})));
        expectNear(behind.gradients, own.gradients, 'gradients');
        expect(behind.loss).toBeCloseTo(own.loss, 5);
      });
    }

    it('have the gradient of as many draws by hand', async () => {
      const model = around(8, stl.normal({output: 'distribution'}), stl.sampleValue({seed: 4, samples: 3}));
      const variables = model.trainableWeights.map(w => w.read() as tf.Variable);
      const key = st.random.foldIn(st.random.key(4), 0);
      const {grads, value} = st.variableGrads(() => {
        const [loc, raw] = tf.split(
          tf.add(tf.matMul(x as tf.Tensor2D, variables[0] as tf.Tensor2D), variables[1]!),
          2,
          -1,
        );
        const q = st.independent(new st.Normal({loc: loc!, scale: tf.softplus(raw!)}), 1);
        const z = new st.DistributionTensor(q, {key, valueType: st.sampleValue([3])}).value;
        const flat = tf.reshape<tf.Rank.R2>(z, [18, 4]);
        const out = tf.add(tf.matMul(flat, variables[2] as tf.Tensor2D), variables[3]!);
        return tf.mean(tf.square(tf.sub(tf.reshape(out, [3, 6, 2]), y)), -1);
      }, variables);
      const exact = await Promise.all(variables.map(v => grads[v.name]!.data()));
      tf.dispose([grads, value]);
      const {gradients} = await fitted(model);
      expectNear(
        gradients,
        exact.flatMap(g => [...g]),
        'gradients',
      );
    });

    it('give the mean, the mode, a draw or the mean of draws when the model is not trained, and are saved', async () => {
      const layer = stl.sampleValue({seed: 7});
      const model = sequential({layers: [stl.normal({output: 'distribution', inputShape: [4]}), layer]});
      const given = tf.tensor2d([[1, -2, 0.5, 1]]);
      const predict = async (m: Sequential): Promise<number[]> => {
        const t = m.predict(given) as tf.Tensor;
        const values = [...(await t.data())];
        t.dispose();
        return values;
      };
      const before = tf.memory().numTensors;
      expectNear(await predict(model), [1, -2], 'mean');
      layer.inference = 'sample';
      const again = (await roundTrip(model)) as Sequential;
      expect((again.layers[1] as stl.StochasticLayer).inference).toBe('sample');
      const first = await predict(model);
      expect(await predict(again)).toEqual(first);
      expect(await predict(model)).not.toEqual(first);
      again.dispose();
      layer.inference = 900;
      (await predict(model)).forEach((m, j) =>
        expect(Math.abs(m - [1, -2][j]!)).toBeLessThan((4.5 * Math.log1p(Math.exp([0.5, 1][j]!))) / 30),
      );
      expect(tf.memory().numTensors).toBe(before);
      given.dispose();
      model.dispose();
    });

    it('are several behind one distribution, each with its own draws', async () => {
      const from = input({shape: [2]});
      const q = stl.normal({output: 'distribution'}).apply(from) as typeof from;
      const outputs = [stl.sampleValue({inference: 'sample'}), stl.sampleValue({inference: 'sample'}), stl.meanValue()];
      const model = modelOf({inputs: from, outputs: outputs.map(layer => layer.apply(q) as typeof from)});
      const given = tf.zeros([1, 2]);
      const values = model.predict(given) as tf.Tensor[];
      const [a, b, c] = await Promise.all(values.map(async t => (await t.data())[0]!));
      expect(c).toBe(0);
      expect(new Set([a, b, c]).size).toBe(3);
      tf.dispose([given, values]);
      model.dispose();
    });

    it('leave nothing behind over epochs', async () => {
      const model = around(8, stl.normal({output: 'distribution'}), stl.sampleValue({prior: STANDARD, samples: 2}));
      const inner = tf.train.sgd(0.01);
      model.compile({optimizer: st.stochasticOptimizer(inner), loss: 'meanSquaredError'});
      await model.fit(x, y, {epochs: 1, batchSize: 3, verbose: 0});
      const before = tf.memory().numTensors;
      await model.fit(x, y, {epochs: 3, batchSize: 3, verbose: 0});
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    });

    it('need a distribution in front of them', () => {
      const wrong = (...made: layers.Layer[]): (() => unknown) => {
        const model = sequential({layers: made});
        return () => tf.tidy(() => model.predict(tf.ones([1, 2])));
      };
      const rule =
        /^stl layer "a": the input must be what a layer with output: 'distribution' gave out, with nothing behind that layer and nothing around it .*, got /;
      const a = {name: 'a'};
      expect(wrong(layers.dense({units: 2, inputShape: [2]}), stl.sampleValue(a))).toThrowError(rule);
      expect(wrong(stl.normal({inputShape: [2]}), stl.sampleValue(a))).toThrowError(rule);
      const q = stl.normal({inputShape: [2], output: 'distribution'});
      expect(wrong(q, layers.activation({activation: 'linear'}), stl.sampleValue(a))).toThrowError(rule);
      const sample = stl.sampleValue as (args: object) => stl.StochasticLayer;
      expect(() => sample({samples: 0, ...a})).toThrowError('stl layer "a": samples must be an integer >= 1, got 0');
      expect(() => sample({output: 'value', distribution: 'normal'})).toThrowError(/unknown option "distribution"/);
      expect(() => stl.bernoulli({samples: 2, output: 'distribution', ...a})).toThrowError(
        /there are no samples, got 2/,
      );
      const indices = stl.categorical({inputShape: [2], output: 'distribution'});
      expect(wrong(indices, stl.sampleValue(a))).toThrowError(
        'stl layer "a": a Categorical has no mean; choose another inference than "mean"',
      );
    });
  },
  {inBrief: ['webgl']},
);
