import * as tf from '@tensorflow/tfjs-core';
import {
  input as tfInput,
  layers,
  model as tfModel,
  sequential,
  type LayersModel,
  type Sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder, seeded} from '../models.js';
import {EXACT, onInput, onRows, ROWS, roundTrip, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'the loss with the costs of the layers in it',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    onRows((rows, targets) => ([x, y] = [rows, targets]), [0.5, 0, 1, -1]);

    it('is of the same parts in training, in validation and in evaluate', async () => {
      const {optimizer} = recorder();
      const klWeight = 0.5;
      const model = onInput(stl.normal({prior: STANDARD, klWeight, inference: 'sample', seed: 4}));
      model.compile({optimizer, ...stl.withCosts(stl.sumOver('meanSquaredError'), model)});
      const {history} = await model.fit(x, y, {epochs: 2, batchSize: 1, validationData: [x, y], verbose: 0});
      expect(Object.keys(history).sort()).toEqual(
        ['kl', 'loss', 'reconstruction', 'val_kl', 'val_loss', 'val_reconstruction'].sort(),
      );
      for (const prefix of ['', 'val_'])
        for (const epoch of [0, 1]) {
          const [loss, kl, reconstruction] = ['loss', 'kl', 'reconstruction'].map(
            name => history[prefix + name]![epoch] as number,
          );
          expect(kl).toBeCloseTo(EXACT, 3);
          expect(loss).toBeCloseTo(reconstruction! + klWeight * EXACT, 3);
        }
      const evaluated = model.evaluate(x, y, {batchSize: 1}) as tf.Scalar[];
      const [loss, reconstruction, kl] = await Promise.all(evaluated.map(async t => (await t.data())[0]!));
      expect(kl).toBeCloseTo(EXACT, 3);
      expect(loss).toBeCloseTo(reconstruction! + klWeight * EXACT, 3);
      tf.dispose(evaluated);
      model.dispose();
      optimizer.dispose();
    });

    it('is the same, with its gradient, in a step of one’s own as in one of fit, whatever shape the costs have', async () => {
      const prior = STANDARD;
      const cases: Record<string, () => layers.Layer> = {
        'for each example': () => stl.normal({prior, seed: 5, klWeight: 0.3}),
        'for the batch': () => stl.normal({prior, seed: 5, klWeight: 0.3, freeBits: 0.1}),
        'of weights': () => stl.denseFlipout({units: 2, seed: 5, klWeight: 0.3}),
      };
      for (const [name, make] of Object.entries(cases)) {
        const modelOf = (): Sequential =>
          sequential({layers: [layers.dense({units: 4, inputShape: [4], ...seeded(1)}), make()]});
        const [fitted, own] = [modelOf(), modelOf()];
        own.setWeights(fitted.getWeights());
        const {optimizer, read} = recorder();
        fitted.compile({optimizer, ...stl.withCosts('meanSquaredError', fitted)});
        const [loss] = (await fitted.trainOnBatch(x, y)) as number[];
        const step = (await read())[0]!;
        const costs = stl.withCosts('meanSquaredError', own);
        const {value, grads} = st.variableGrads(
          () => costs.loss(y, own.apply(x, {training: true}) as tf.Tensor),
          own.trainableWeights.map(w => w.read() as tf.Variable),
        );
        expect((await value.data())[0]!)
          .withContext(name)
          .toBeCloseTo(loss!, 4);
        const pairs = fitted.trainableWeights.map((w, i) =>
          [w, own.trainableWeights[i]!].map(v => v.read() as tf.Variable),
        );
        for (const [a, b] of pairs) {
          const g = await grads[b!.name]!.data();
          g.forEach((v, i) => expect(v).withContext(`${name}: ${a!.name}`).toBeCloseTo(step[a!.name]![i]!, 4));
        }
        tf.dispose([value, grads]);
        [fitted, own, optimizer].forEach(one => void one.dispose());
      }
    });

    it('is, and has the gradient, of the loss whose costs tfjs-layers asks for', async () => {
      const found: Array<{loss: number; gradient: number[]}> = [];
      for (const isWith of [false, true]) {
        const {optimizer, read} = recorder();
        const model = onInput(stl.normal({prior: STANDARD, seed: 5}));
        const loss = stl.sumOver('meanSquaredError');
        model.compile({optimizer, ...(isWith ? stl.withCosts(loss, model) : {loss, metrics: ['mse', 'mae']})});
        const [value] = (await model.trainOnBatch(x, y)) as number[];
        found.push({loss: value!, gradient: Array.from(Object.values((await read())[0]!)[0]!)});
        model.dispose();
        optimizer.dispose();
      }
      expect(found[1]!.loss).toBeCloseTo(found[0]!.loss, 4);
      found[1]!.gradient.forEach((g, i) => expect(g).toBeCloseTo(found[0]!.gradient[i]!, 4));
    });

    it('takes nothing of passes before it, and leaves no tensor behind', async () => {
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const model = onInput(stl.normal({prior: STANDARD}));
      model.compile({optimizer, ...stl.withCosts(zeroLoss, model)});
      await model.trainOnBatch(x, y);
      (model.evaluate(x, y) as tf.Scalar[]).forEach(t => t.dispose());
      const before = tf.memory().numTensors;
      tf.dispose([model.predict(x), model.apply(x), model.layers[1]!.apply(x, {training: true})] as tf.Tensor[]);
      const [loss] = (await model.trainOnBatch(x, y)) as number[];
      expect(loss).toBeCloseTo(EXACT, 4);
      const values = tf.tidy(() => {
        model.predict(x); // its divergences live until this tidy ends
        return (model.evaluate(x, y) as tf.Scalar[])[0]!;
      });
      expect((await values.data())[0]).toBeCloseTo(EXACT, 4);
      values.dispose();
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
      optimizer.dispose();
    });

    it('credits draws with the costs behind them, example by example, for sample axes too', async () => {
      const warn = spyOn(console, 'warn');
      for (const estimator of ['scoreFunction', 'leaveOneOut']) {
        const {optimizer} = recorder();
        const model = sequential({
          layers: [
            layers.dense({units: 3, inputShape: [4], ...seeded(1)}),
            stl.bernoulli({estimator, prior: {name: 'Bernoulli', config: {probs: 0.5}}}),
            layers.dense({units: 4, ...seeded(2)}),
            stl.normal({prior: STANDARD}),
          ],
        });
        model.compile({optimizer, ...stl.withCosts('meanSquaredError', model)});
        const all = (await model.trainOnBatch(x, y)) as number[];
        expect(all.every(Number.isFinite)).toBeTrue();
        model.dispose();
        optimizer.dispose();
      }
      expect(warn).not.toHaveBeenCalled();
    });

    it('has what layers of users add', async () => {
      class Penalty extends layers.Layer {
        static className = 'Penalty';
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          const input = Array.isArray(inputs) ? inputs[0]! : inputs;
          st.extension.addCost(
            this,
            tf.tidy(() => tf.sum(tf.square(input), -1)),
          );
          return tf.clone(input);
        }
      }
      const squares = ROWS.reduce((sum, v) => sum + v * v, 0) / 2;
      for (const isWith of [false, true]) {
        const {optimizer, read} = recorder();
        const model = onInput(new Penalty());
        model.compile({optimizer, ...(isWith ? stl.withCosts(zeroLoss, model) : {loss: zeroLoss, metrics: ['mse']})});
        const target = tf.zeros([2, 4]);
        for (let i = 0; i < 2; i++)
          expect(((await model.trainOnBatch(x, target)) as number[])[0]).toBeCloseTo(squares, 4);
        // ∂/∂W of the mean of |xW|² at W = 1 is 2 xᵀx / batch
        const gradient = Object.values((await read())[0]!)[0]!;
        expect(gradient[1]).toBeCloseTo(ROWS[0]! * ROWS[1]! + ROWS[4]! * ROWS[5]!, 4);
        target.dispose();
        model.dispose();
        optimizer.dispose();
      }
    });

    it('is refused by a model that none of its layers is in, or not all that have costs', async () => {
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const latent = (name: string): layers.Layer => stl.normal({prior: STANDARD, name});
      const [old, model] = [onInput(latent('old')), onInput(latent('new'))];
      const costs = stl.withCosts('meanSquaredError', old);
      const plain = {optimizer, loss: 'meanSquaredError' as const};
      old.compile({optimizer, ...costs});
      const loaded = await roundTrip(old);
      const open = sequential({layers: [layers.dense({units: 4, inputShape: [4]})]});
      const early = stl.withCosts('meanSquaredError', open);
      open.add(latent('late'));
      const wide = sequential({layers: [...model.layers, layers.dense({units: 4}), latent('more')]});
      const hasNoPrior = onInput(stl.normal({name: 'free'}));
      const rule = (who: string, name: string): RegExp =>
        new RegExp(
          `compile: stl.${who} was made for other layers .* and layer "${name}" is not among them; write .*stl.${who}\\(`,
        );
      const refused: ReadonlyArray<readonly [Sequential | LayersModel, object, RegExp]> = [
        [model, {optimizer, ...costs}, rule('withCosts', 'new')],
        [model, {optimizer, loss: {[model.outputNames[0]!]: costs.loss}, metrics: []}, rule('withCosts', 'new')],
        [model, {...plain, metrics: costs.metrics}, rule('withCosts', 'new')],
        [model, {...plain, metrics: stl.klMetric(old)}, rule('klMetric', 'new')],
        [model, {...plain, metrics: [stl.klMetric(old.getLayer('old'))]}, rule('klMetric', 'new')],
        [loaded, {optimizer, ...costs}, rule('withCosts', 'old')],
        [open, {optimizer, ...early}, rule('withCosts', 'late')],
        [wide, {optimizer, ...stl.withCosts('meanSquaredError', model)}, rule('withCosts', 'more')],
        [hasNoPrior, {optimizer, ...costs}, rule('withCosts', 'free')],
      ];
      type Args = Parameters<LayersModel['compile']>[0];
      for (const [one, args, message] of refused) expect(() => one.compile(args as Args)).toThrowError(message); // arguments of all forms
      const inside = sequential({layers: [model, layers.dense({units: 4}), latent('outer')]});
      const taken: ReadonlyArray<readonly [Sequential | LayersModel, object]> = [
        [old, {optimizer, ...costs}],
        [loaded, {optimizer, ...stl.withCosts('meanSquaredError', loaded)}],
        [tfModel({inputs: old.inputs, outputs: old.outputs}), {optimizer, ...costs}], // the same layers
        [inside, {optimizer, ...stl.withCosts('meanSquaredError', inside)}],
        [inside, {...plain, metrics: [stl.klMetric(model)]}], // a part, on purpose
        [wide, {...plain, metrics: [stl.klMetric([wide.getLayer('more')])]}],
        [sequential({layers: [layers.dense({units: 2, inputShape: [4]})]}), {...plain, metrics: [stl.klMetric(old)]}], // what a function runs
      ];
      for (const [one, args] of taken) expect(() => one.compile(args as Args)).not.toThrow();
      for (const one of [old, loaded, open, wide, hasNoPrior]) one.dispose();
      optimizer.dispose();
    });

    it('shows apart what was observed, where a layer observes', async () => {
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const [input, seen] = [tfInput({shape: [4]}), tfInput({shape: [2]})];
      const p = stl
        .normal({output: 'distribution'})
        .apply(layers.dense({units: 4, kernelInitializer: 'identity'}).apply(input)) as SymbolicTensor;
      const value = stl.observedValue({weight: 0.25}).apply([p, seen]) as SymbolicTensor;
      const model = tfModel({inputs: [input, seen], outputs: value});
      model.compile({optimizer, ...stl.withCosts('meanSquaredError', model), metrics: ['mae']});
      expect(model.metricsNames).toEqual(['loss', 'reconstruction', 'kl', 'observed', 'mae']);
      const {history} = await model.fit([x, y], y, {epochs: 1, batchSize: 1, validationData: [[x, y], y], verbose: 0});
      // Σ ln σ + ((y − μ) / σ)² / 2 + ln(2π) / 2 of each row, σ = softplus of the raw scale
      const at = (r: number, t: number): number => {
        const [m, s] = [ROWS[r]!, Math.log1p(Math.exp(ROWS[r + 2]!))];
        return Math.log(s) + ((t - m) / s) ** 2 / 2 + Math.log(2 * Math.PI) / 2;
      };
      const observed = (at(0, 0.5) + at(1, 0) + at(4, 1) + at(5, -1)) / 2;
      for (const prefix of ['', 'val_']) {
        expect(history[`${prefix}observed`]![0] as number).toBeCloseTo(observed, 3);
        const reconstruction = history[`${prefix}reconstruction`]![0] as number;
        expect(history[`${prefix}loss`]![0] as number).toBeCloseTo(reconstruction + observed / 4, 3);
      }
      model.dispose();
      optimizer.dispose();
    });

    it('says what is wrong with its arguments', () => {
      const two = tfInput({shape: [4]});
      const outputs = [1, 2].map(units => layers.dense({units}).apply(two) as SymbolicTensor);
      expect(() => stl.withCosts('meanSquaredError', tfModel({inputs: two, outputs}))).toThrowError(
        /withCosts: the model must have one output; .* loss: \{name: stl.sumOver\(loss\), …\}, metrics: \[stl.klMetric\(model\)\]/,
      );
      const model = onInput(stl.normal());
      expect(() => stl.withCosts('mse' as 'meanSquaredError', model)).toThrowError(/stl.withCosts: unknown loss "mse"/);
      expect(() => stl.withCosts('meanSquaredError', {} as typeof model)).toThrowError(
        /stl.withCosts: needs a model, a layer or a list of layers/,
      );
      expect(() => st.extension.addCost({} as layers.Layer, x)).toThrowError(/addCost: addLoss of the layer/);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
