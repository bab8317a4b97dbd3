import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, type LayersModel, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {expectNear} from '../../helpers/near.js';
import {roundTrip} from '../costs/shared.js';
import {recorder, seeded} from '../models.js';

/** x → p = N(loc, softplus(raw)), of which v is observed → a dense layer. */
function observing(args: stl.ObservedValueArgs): LayersModel {
  const [x, v] = [input({shape: [3]}), input({shape: [2]})];
  const p = stl.normal({output: 'distribution'}).apply(layers.dense({units: 4, ...seeded(5)}).apply(x));
  const value = stl.observedValue({name: 'seen', ...args}).apply([p as SymbolicTensor, v]) as SymbolicTensor;
  return modelOf({inputs: [x, v], outputs: layers.dense({units: 1, ...seeded(6)}).apply(value) as SymbolicTensor});
}

describeBackends(
  'observed values behind a distribution',
  () => {
    let x: tf.Tensor;
    let v: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      x = st.random.normal([6, 3], {key: st.random.key(1)});
      v = st.random.normal([6, 2], {key: st.random.key(2)});
      y = st.random.normal([6, 1], {key: st.random.key(3)});
    });
    afterAll(() => tf.dispose([x, v, y]));

    const byHand = (w: readonly tf.Tensor[], weight: number): tf.Scalar => {
      const [loc, raw] = tf.split(tf.add(tf.matMul(x as tf.Tensor2D, w[0] as tf.Tensor2D), w[1]!), 2, -1);
      const logP = tf.sum(new st.Normal({loc: loc!, scale: tf.softplus(raw!)}).logProb(v), -1);
      const out = tf.add(tf.matMul(v as tf.Tensor2D, w[2] as tf.Tensor2D), w[3]!);
      return tf.sub(tf.mean(tf.square(tf.sub(out, y))), tf.mul(weight, tf.mean(logP)));
    };

    it('train with −ln p of what was observed in the loss, which is what by hand it is', async () => {
      for (const weight of [1, 0.25]) {
        const model = observing({weight});
        const variables = model.trainableWeights.map(w => w.read() as tf.Variable);
        const {grads, value} = tf.variableGrads(() => byHand(variables, weight), variables);
        const exact = await Promise.all(variables.map(w => grads[w.name]!.data()));
        const {optimizer, read} = recorder();
        model.compile({optimizer, loss: 'meanSquaredError'});
        const {history} = await model.fit([x, v], y, {epochs: 1, verbose: 0});
        const [step] = await read();
        variables.forEach((w, i) => expectNear(step![w.name]!, exact[i]!, w.name));
        expect(history['loss']![0] as number).toBeCloseTo((await value.data())[0]!, 4);
        tf.dispose([grads, value]);
        model.dispose();
      }
    });

    it('count in evaluation where the loss says so', async () => {
      const model = observing({inference: 'observed'});
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0)), ...stl.withCosts('meanSquaredError', model)});
      const scores = model.evaluate([x, v], y) as tf.Scalar[];
      const exact = tf.tidy(() =>
        byHand(
          model.trainableWeights.map(w => w.read()),
          1,
        ),
      );
      expect((await scores[0]!.data())[0]!).toBeCloseTo((await exact.data())[0]!, 4);
      tf.dispose([scores, exact]);
      model.dispose();
    });

    it('are replaced by the mean, or what inference says, when the model is not trained; and are saved', async () => {
      const model = observing({});
      const ignored = tf.fill([6, 2], NaN);
      const before = tf.memory().numTensors;
      const weights = model.trainableWeights.map(w => w.read());
      const exact = tf.tidy(() => {
        const loc = tf.slice(
          tf.add(tf.matMul(x as tf.Tensor2D, weights[0] as tf.Tensor2D), weights[1]!),
          [0, 0],
          [6, 2],
        );
        return tf.add(tf.matMul(loc as tf.Tensor2D, weights[2] as tf.Tensor2D), weights[3]!);
      });
      const out = model.predict([x, ignored]) as tf.Tensor;
      expectNear(await out.data(), await exact.data(), 'mean');
      tf.dispose([out, exact]);
      const layer = model.getLayer('seen') as stl.StochasticLayer;
      layer.inference = 'observed';
      const again = await roundTrip(model);
      const [a, b] = [model, again].map(m => m.predict([x, v]) as tf.Tensor) as [tf.Tensor, tf.Tensor];
      expect([...(await b.data())]).toEqual([...(await a.data())]);
      expect((again.getLayer('seen') as stl.StochasticLayer).inference).toBe('observed');
      tf.dispose([a, b]);
      again.dispose();
      expect(tf.memory().numTensors).toBe(before);
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0.01)), loss: 'meanSquaredError'});
      await model.fit([x, v], y, {epochs: 1, batchSize: 3, verbose: 0});
      const between = tf.memory().numTensors;
      await model.fit([x, v], y, {epochs: 3, batchSize: 3, verbose: 0});
      expect(tf.memory().numTensors).toBe(between);
      ignored.dispose();
      model.dispose();
    });

    it('say what is wrong with their options and inputs', () => {
      const observed = stl.observedValue as (args?: unknown) => stl.StochasticLayer;
      expect(() => observed({name: 'o', weight: -1})).toThrowError(
        /^stl layer "o": weight must be a finite number >= 0/,
      );
      expect(() => observed({name: 'o', inference: 'seen'})).toThrowError(
        /^stl layer "o": inference must be "mean", "mode", "sample", "observed" or a number of draws/,
      );
      expect(() => observed({estimator: 'relax'})).toThrowError(/^stl.observedValue: unknown option "estimator"/);
      expect(() => observed(null)).toThrowError('stl.observedValue: the config must be an object, got null');
      expect(() => stl.bernoulli({name: 'b', inference: 'observed' as 'mean'})).toThrowError(/"observed"$/);
      const q = stl.normal({output: 'distribution'}).apply(input({shape: [4]})) as SymbolicTensor;
      const rule = 'stl layer "o": observedValue needs a distribution and what was observed of it, of its shape, got ';
      expect(() => observed({name: 'o'}).apply(q)).toThrowError(`${rule}1 input of [batch,2]`);
      expect(() => observed({name: 'o'}).apply([q, input({shape: [3]})])).toThrowError(
        `${rule}2 inputs of [batch,2], [batch,3]`,
      );
      const swapped = modelOf({
        inputs: [q.sourceLayer.input as SymbolicTensor],
        outputs: observed({name: 'o'}).apply([
          layers.dense({units: 2}).apply(q) as SymbolicTensor,
          q,
        ]) as SymbolicTensor,
      });
      expect(() => tf.tidy(() => swapped.predict(tf.ones([1, 4])))).toThrowError(
        /^stl layer "o": the first input must be what a layer with output: 'distribution' gave out/,
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
