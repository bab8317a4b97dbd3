import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder} from '../models.js';
import {EXACT, onInput, onRows, randomLayer, roundTrip, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'the number of examples as a weight',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    onRows((rows, targets) => ([x, y] = [rows, targets]));
    beforeEach(() => spyOn(console, 'warn'));

    it('is what fit is given, a validation split left out, and is remembered and saved', async () => {
      const model = onInput(stl.normal({prior: STANDARD, klWeight: 'perExample', name: 'weights'}));
      const {optimizer} = recorder();
      model.compile({optimizer, ...stl.withCosts(zeroLoss, model)});
      const says =
        /stl layer "weights": klWeight 'perExample' divides by.* there was no fit; give klWeight {perExample: n}/;
      await expectAsync(model.trainOnBatch(x, y)).toBeRejectedWithError(says);
      expect(() => model.evaluate(x, y)).toThrowError(says);
      const [many, targets] = tf.tidy(() => [tf.tile(x, [5, 1]), tf.tile(y, [5, 1])] as const);
      const args = {batchSize: 4, epochs: 1, validationSplit: 0.2, verbose: 0};
      const {history} = await model.fit(many, targets, args);
      for (const name of ['loss', 'val_loss']) expect(history[name]![0] as number).toBeCloseTo(EXACT / 8, 4);
      const again = await roundTrip(model);
      expect(randomLayer(again).klWeight).toBe('perExample');
      again.compile({optimizer, ...stl.withCosts(zeroLoss, again)});
      for (const one of [model, again]) {
        expect(((await one.trainOnBatch(x, y)) as number[])[0]).toBeCloseTo(EXACT / 8, 4);
        const evaluated = one.evaluate(x, y) as tf.Scalar[];
        expect((await evaluated[0]!.data())[0]).toBeCloseTo(EXACT / 8, 4);
        tf.dispose(evaluated);
      }
      const second = await again.fit(x, y, {epochs: 1, verbose: 1, yieldEvery: 'never'});
      expect(second.history['loss']![0] as number).toBeCloseTo(EXACT / 2, 4);
      tf.dispose([many, targets]);
      model.dispose();
      again.dispose();
      optimizer.dispose();
    });

    it('reaches layers inside wrappers and models inside the model', async () => {
      const {optimizer} = recorder();
      const options = {prior: STANDARD, klWeight: 'perExample'} as const;
      const inner = sequential({
        layers: [layers.timeDistributed({layer: stl.normal(options), inputShape: [1, 4]})],
      });
      const wrapped = stl.variational(layers.dense({units: 2}), {klWeight: 'perExample'});
      const model = sequential({layers: [inner, layers.timeDistributed({layer: wrapped})]});
      model.compile({optimizer, loss: zeroLoss});
      const rows = tf.tidy(() => tf.reshape(x, [2, 1, 4]));
      const target = tf.zeros([2, 1, 2]);
      const {history} = await model.fit(rows, target, {epochs: 1, verbose: 0});
      const kl = wrapped.kl();
      expect(history['loss']![0] as number).toBeCloseTo((EXACT + (await kl.data())[0]!) / 2, 3);
      tf.dispose([rows, target, kl]);
      model.dispose();
      optimizer.dispose();
    });

    it('is not known of a dataset, which is said', async () => {
      const {optimizer} = recorder();
      const model = onInput(stl.normal({prior: STANDARD, klWeight: 'perExample', name: 'a'}));
      model.compile({optimizer, loss: zeroLoss});
      const run = (): Promise<unknown> => {
        const batches = [{value: {xs: tf.clone(x), ys: tf.clone(y)}, done: false}];
        const dataset = {iterator: () => Promise.resolve({next: () => Promise.resolve(batches.shift())})};
        return model
          .fitDataset(dataset as unknown as Parameters<typeof model.fitDataset>[0], {
            epochs: 1,
            batchesPerEpoch: 1,
            verbose: 0,
          })
          .finally(() => tf.dispose(batches));
      };
      await expectAsync(run()).toBeRejectedWithError(/fitDataset: layer "a": klWeight 'perExample'.*{perExample: n}/);
      randomLayer(model).klWeight = {perExample: 2};
      await run(); // the model can be trained still
      model.dispose();
      optimizer.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'what users of divergences are told',
  () => {
    let warn: jasmine.Spy;
    beforeEach(() => (warn = spyOn(console, 'warn')));

    /** Trains twice, on images of three rows and two columns. */
    async function told(
      z: layers.Layer,
      loss: (model: LayersModel) => string | stl.Loss | stl.LossWithCosts,
      isValidated = true,
    ): Promise<string[]> {
      const {optimizer} = recorder();
      const model = sequential({
        layers: [
          layers.flatten({inputShape: [3, 2]}),
          z,
          layers.dense({units: 6}),
          layers.reshape({targetShape: [3, 2]}),
        ],
      });
      const given = loss(model);
      model.compile({optimizer, ...(typeof given === 'object' ? given : {loss: given})});
      const images = tf.zeros([4, 3, 2]);
      warn.calls.reset();
      for (let i = 0; i < 2; i++)
        await model.fit(images, images, {epochs: 1, verbose: 0, ...(isValidated ? {validationSplit: 0.5} : {})});
      images.dispose();
      model.dispose();
      optimizer.dispose();
      return warn.calls.allArgs().map(([text]) => String(text));
    }
    const latent = (more: object = {}): layers.Layer => stl.normal({prior: STANDARD, name: 'z', ...more});

    it('is once that a mean is beside a sum', async () => {
      const [mean, ...more] = await told(latent(), () => 'meanSquaredError');
      expect(mean).toMatch(
        /the divergence of layer "z" is a sum, and "meanSquaredError" the mean over the 6 values.*6 times too much.*stl\.sumOver\("meanSquaredError"\)/,
      );
      expect(more).toEqual([]);
      const [steps] = await told(latent(), () => 'categoricalCrossentropy', false);
      expect(steps).toMatch(/the mean over the 3 values/); // a sum over the last axis
    });

    it('is that a mean of tfjs-core, or a scalar that may be one, is beside a sum', async () => {
      const [mean, ...more] = await told(latent(), () => tf.losses.meanSquaredError);
      expect(mean).toMatch(
        /and tf.losses.meanSquaredError the mean over the 6 values.*\(stl.sumOver\("meanSquaredError"\)\)/,
      );
      expect(more).toEqual([]);
      const own: stl.Loss = (y, p) => tf.mean(tf.squaredDifference(y, p));
      const [scalar, ...rest] = await told(latent(), () => own, false);
      expect(scalar).toMatch(
        /layer "z" is a sum, and the loss one number for the whole batch: if that is a mean over the 6 values/,
      );
      expect(rest).toEqual([]);
      expect(await told(latent({klWeight: 0.5}), () => own, false)).toEqual([]);
      expect(await told(latent(), () => (y, p) => tf.mean(tf.squaredDifference(y, p), -1), false)).toEqual([]); // nobody knows
      for (const make of [stl.sumOver, (loss: stl.Loss) => stl.withCosts(loss, onInput(latent())).loss])
        expect(() => make(own)(tf.zeros([2, 3]), tf.zeros([2, 3]))).toThrowError(
          /the loss must be a number for each example/,
        );
    });

    it('is that a target is outside the support, where −ln p is infinite', async () => {
      const warn = jasmine.isSpy(console.warn) ? (console.warn as jasmine.Spy) : spyOn(console, 'warn');
      const y = tf.fill([4, 3], 0.5);
      const reason = /a target outside the support of its distribution \(layer "out", bernoulli\) has probability 0/;
      const made = (optimizer: tf.Optimizer): LayersModel => {
        const bits = stl.bernoulli({output: 'distribution', name: 'out'});
        const model = sequential({layers: [layers.dense({units: 3, inputShape: [3]}), bits]});
        model.compile({optimizer, loss: stl.negativeLogLikelihood});
        return model;
      };
      const plain = made(tf.train.sgd(0));
      warn.calls.reset();
      for (let i = 0; i < 2; i++) await plain.fit(y, y, {epochs: 2, verbose: 0});
      const texts = warn.calls.allArgs().map(([text]) => String(text));
      expect(texts.length).toBe(1);
      expect(texts[0]).toMatch(reason);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0), {nonFinite: 'throw'});
      const ours = made(optimizer);
      await expectAsync(ours.fit(y, y, {epochs: 1, verbose: 0})).toBeRejectedWithError(reason);
      [plain, ours, optimizer, y].forEach(one => void one.dispose());
    });

    it('is nothing where both are sums, or the weight was given', async () => {
      const summed = (model: LayersModel): stl.LossWithCosts => stl.withCosts('meanSquaredError', model);
      expect(await told(latent(), summed)).toEqual([]);
      expect(await told(latent({klWeight: 1 / 6}), () => 'meanSquaredError', false)).toEqual([]);
      expect(await told(stl.normal(), () => 'meanSquaredError')).toEqual([]);
    });

    it('is that all examples share weights, and learnt rates, unless klWeight is given', async () => {
      const dense = (more: object): layers.Layer => stl.denseReparameterization({units: 2, name: 'w', ...more});
      const [first, ...more] = await told(dense({}), () => 'meanSquaredError', false);
      expect(first).toMatch(
        /the divergence of layer "w" is of what all examples share.*klWeight: 'perExample' divides it/,
      );
      expect(more).toEqual([]);
      expect(await told(dense({klWeight: 'perExample'}), () => 'meanSquaredError', false)).toEqual([]);
      // whose noise is of each example alone
      const [rates] = await told(stl.learnedGaussianDropout({name: 'g'}), () => 'meanSquaredError', false);
      expect(rates).toMatch(/"g" is of what all examples share/);
      expect(rates).not.toMatch(/drawn|weights/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
