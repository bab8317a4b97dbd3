import * as tf from '@tensorflow/tfjs-core';
import {layers, loadLayersModel, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, itInNode} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';
import {momentsOf, recorder, seeded, zOf} from '../models.js';

const {foldIn, key: keyOf} = st.random;
const values = async (t: unknown): Promise<number[]> => {
  const data = Array.from(await (t as tf.Tensor).data());
  tf.dispose(t as tf.Tensor);
  return data;
};

/** Eq. 14 of Molchanov et al. (2017), summed over `units`. */
const klOf = (logAlpha: tf.Tensor, units: number): tf.Tensor => {
  const gate = tf.sub(1, tf.sigmoid(tf.add(tf.mul(logAlpha, 1.48695), 1.8732)));
  const each = tf.add(tf.mul(gate, 0.63576), tf.mul(tf.log1p(tf.exp(tf.neg(logAlpha))), 0.5));
  return logAlpha.rank === 0 ? tf.mul(each, units) : tf.sum(each);
};

describeBackends(
  'Gaussian dropout with learnt rates',
  () => {
    for (const shared of [false, true]) {
      it(`has in fit the gradient of the same model by hand: ${shared ? 'one rate' : 'a rate for each unit'}`, async () => {
        const first = layers.dense({units: 3, inputShape: [4, 2], ...seeded(1)});
        const layer = stl.learnedGaussianDropout({rate: 0.3, shared, seed: 5, klWeight: 0.1});
        const last = layers.dense({units: 2, activation: 'tanh', ...seeded(2)});
        const model = sequential({layers: [first, layer, last]});
        const {optimizer, read} = recorder();
        model.compile({optimizer, loss: 'meanSquaredError'});
        const [x, y] = [
          st.random.normal([5, 4, 2], {key: keyOf(1)}),
          st.random.normal([5, 4, 2], {key: keyOf(2)}),
        ] as const;
        const variables = model.trainableWeights.map(w => w.read() as tf.Variable);
        const logAlpha = layer.trainableWeights[0]!.read();
        for (let call = 0; call < 2; call++) {
          const {history} = await model.fit(x, y, {epochs: 1, batchSize: 5, shuffle: false, verbose: 0});
          const step = (await read())[0]!;
          const {value, grads} = tf.variableGrads((): tf.Scalar => {
            const h = first.apply(x) as tf.Tensor;
            const noise = st.random.normal([5, 4, 3], {key: foldIn(keyOf(5), call)});
            const z = tf.mul(h, tf.add(1, tf.mul(noise, tf.exp(tf.mul(logAlpha, 0.5)))));
            const error = tf.mean(tf.square(tf.sub(last.apply(z) as tf.Tensor, y)));
            return tf.add(error, tf.mul(klOf(logAlpha, 3), 0.1));
          }, variables);
          expect(history['loss']![0] as number).toBeCloseTo((await value.data())[0]!, 5);
          expect(Object.keys(step).sort()).toEqual(variables.map(v => v.name).sort());
          for (const {name} of variables) expectNear(step[name]!, await grads[name]!.data(), `${name}, call ${call}`);
          tf.dispose([value, grads]);
        }
        tf.dispose([x, y]);
        model.dispose();
        optimizer.dispose();
      });
    }

    it('gives out x at the variance αx², with the gradient of its expectation, and x itself outside of training', async () => {
      const UNITS = 3000;
      const layer = stl.learnedGaussianDropout({rate: 0.6, seed: 3, inputShape: [UNITS]});
      const model = sequential({layers: [layer]});
      const x = tf.fill([1, UNITS], -2);
      const variable = layer.trainableWeights[0]!.read() as tf.Variable;
      let drawn = tf.zeros([0]);
      const {value, grads} = tf.variableGrads((): tf.Scalar => {
        const y = model.apply(x, {training: true}) as tf.Tensor;
        drawn = tf.keep(tf.clone(y));
        return tf.sum(tf.square(tf.sub(y, 1)));
      }, [variable]);
      const alpha = 1.5;
      const [ys, slopes] = [await values(drawn), await values(grads[variable.name])];
      const rows = ys.map((y, i) => [y, (y + 2) ** 2, slopes[i]!]);
      // E (y − 1)² = 9 + 4α
      expect(zOf(momentsOf(rows), [-2, 4 * alpha, 4 * alpha])).toBeLessThan(4.5);
      expect(zOf(momentsOf(rows), [-2, 1.2 * 4 * alpha, 4 * alpha])).toBeGreaterThan(4.5);
      expect(new Set(await values(model.predict(x)))).toEqual(new Set([-2]));
      layer.inference = 'sample';
      const sampled = await values(model.predict(x));
      expect(zOf(momentsOf(sampled.map(y => [y, (y + 2) ** 2])), [-2, 4 * alpha])).toBeLessThan(4.5);
      layer.inference = 20;
      const means = await values(model.predict(x));
      expect(zOf(momentsOf(means.map(y => [y, (y + 2) ** 2])), [-2, (4 * alpha) / 20])).toBeLessThan(4.5);
      // eq. 14 at ln 1.5, by mpmath
      expect((await values(layer.kl()))[0]! / UNITS).toBeCloseTo(0.3047161792, 5);
      tf.dispose([x, value]);
      model.dispose();
    });

    it('has finite outputs and gradients at ln α of −30 and 30, also where its input is 0', async () => {
      for (const logAlpha of [-30, 30]) {
        const layer = stl.learnedGaussianDropout({inputShape: [3], seed: 1});
        const model = sequential({layers: [layer]});
        tf.tidy(() => layer.setWeights([tf.fill([3], logAlpha), ...layer.getWeights().slice(1)]));
        const x = tf.variable(tf.tensor2d([[0, 1, -3]]));
        const {value, grads} = tf.variableGrads((): tf.Scalar =>
          tf.add(tf.sum(model.apply(x, {training: true}) as tf.Tensor), layer.kl()),
        );
        for (const t of [value, ...Object.values(grads)])
          expect((await values(t)).every(Number.isFinite))
            .withContext(String(logAlpha))
            .toBeTrue();
        x.dispose();
        model.dispose();
      }
    });

    itInNode('is fitted without a leak, saved and loaded, and goes on as it would have', async () => {
      const before = tf.memory().numTensors;
      const make = (): LayersModel => {
        const dropout = stl.learnedGaussianDropout({
          seed: 2,
          shared: true,
          klWeight: 'perExample',
          inference: 'sample',
        });
        return sequential({layers: [layers.dense({units: 2, inputShape: [3], ...seeded(1)}), dropout]});
      };
      const [x, y] = [tf.ones([4, 3]), tf.ones([4, 2])];
      const optimizer = tf.train.sgd(0.01);
      const train = async (model: LayersModel): Promise<void> => {
        model.compile({optimizer, loss: 'meanSquaredError'});
        await model.fit(x, y, {epochs: 2, batchSize: 2, verbose: 0, shuffle: false});
      };
      const weightsOf = (model: LayersModel): Promise<number[][]> =>
        Promise.all(model.getWeights().map(async w => Array.from(await w.data())));
      const through = make();
      await train(through);
      const between = tf.memory().numTensors;
      await train(through);
      expect(tf.memory().numTensors).toBe(between);
      const half = make();
      await train(half);
      let saved: tf.io.ModelArtifacts | undefined;
      await half.save(
        tf.io.withSaveHandler(artifacts => {
          saved = artifacts;
          return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
        }),
      );
      const {weightData, ...rest} = saved!;
      const text = JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts;
      const again = await loadLayersModel(tf.io.fromMemory({...text, weightData: weightData!}));
      expect(JSON.stringify(text.modelTopology)).toContain('"LearnedGaussianDropout"');
      expect(await values(again.predict(x))).toEqual(await values(half.predict(x)));
      await train(again);
      expect((await weightsOf(again)).slice(0, 3)).toEqual((await weightsOf(through)).slice(0, 3));
      tf.dispose([x, y]);
      for (const model of [through, half, again]) model.dispose();
      optimizer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    itInNode('counts its divergence once where it is used twice, and for each unit', async () => {
      const layer = stl.learnedGaussianDropout({rate: 0.5, klWeight: 2, inputShape: [3]});
      const model = sequential({layers: [layer, layer, layers.dense({units: 1, trainable: false, ...seeded(1)})]});
      const [x, y] = [tf.zeros([4, 3]), tf.zeros([4, 1])];
      model.compile({optimizer: tf.train.sgd(0), ...stl.withCosts('meanSquaredError', model)});
      const {history} = await model.fit(x, y, {verbose: 0, epochs: 1});
      // eq. 14 at 0, by mpmath
      expect(history['loss']![0] as number).toBeCloseTo(6 * 0.43123895, 4);
      expect(history['kl']![0] as number).toBeCloseTo(3 * 0.43123895, 4);
      tf.dispose([x, y]);
      model.dispose();
    });

    itInNode('says what it cannot take', () => {
      const make = (args: object) => () => stl.learnedGaussianDropout({name: 'a', ...args});
      for (const rate of [0, 1, -0.1, NaN, '0.5', null])
        expect(make({rate})).toThrowError(/^stl layer "a": rate must be a number in \(0, 1\)/);
      expect(make({shared: 'yes'})).toThrowError(/^stl layer "a": shared must be true or false/);
      expect(make({inference: 'mode'})).toThrowError(/^stl layer "a": inference must be "mean", "sample" or/);
      expect(make({klWeight: -1})).toThrowError(/^stl layer "a": klWeight must be/);
      expect(make({alpha: 1})).toThrowError(/^stl\.learnedGaussianDropout: unknown option "alpha"/);
      const layer = make({})();
      const x = tf.zeros([1, 2]);
      expect(() => layer.logAlpha()).toThrowError(/^stl layer "a": must be built/);
      expect(() => layer.kl()).toThrowError(/^stl layer "a": must be built/);
      expect(() => layer.apply(3 as never)).toThrowError(/^stl layer "a": inputs must be tensors/);
      expect(() => layer.apply([x, x])).toThrowError(/^stl layer "a": learnedGaussianDropout needs one input, got 2/);
      expect(() => layer.computeOutputShape([null])).toThrowError(/^stl layer "a": needs an input of shape \[batch/);
      expect(() => layer.build([null, null])).toThrowError(/^stl layer "a": the last axis of its input must be known/);
      tf.dispose(layer.apply(x) as tf.Tensor);
      const wide = tf.zeros([1, 3]);
      expect(() => layer.apply(wide)).toThrowError(/^stl layer "a": needs an input of shape \[batch, …, 2\], got/);
      expect(() => tf.variableGrads(() => tf.sum(layer.apply(x) as tf.Tensor))).toThrowError(
        /without a word about training/,
      );
      const load = (config: unknown) => () =>
        stl.LearnedGaussianDropoutLayer.fromConfig(stl.LearnedGaussianDropoutLayer, config as never);
      for (const config of [null, 3, [1], 'x', {rate: 2}, {state: 2}, {klWeight: 'x'}, {examples: -1}, {layer: {}}])
        expect(load(config)).withContext(JSON.stringify(config)).toThrowError(st.errors.StochasticError);
      tf.dispose([x, wide]);
      layer.dispose();
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);
