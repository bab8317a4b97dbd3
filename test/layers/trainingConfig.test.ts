import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  loadLayersModel,
  metrics as ofTfjs,
  model as functional,
  sequential,
  type LayersModel,
  type ModelCompileArgs,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';
import {roundTrip} from './costs/shared.js';
import {seeded} from './models.js';

type Compiling = (model: LayersModel) => Omit<ModelCompileArgs, 'optimizer'>;
const mean = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mean(tf.square(tf.sub(y, p)), -1);

/** What a model is compiled with, functions all. */
const cases: Record<string, Compiling> = {
  withCosts: model => stl.withCosts('meanSquaredError', model),
  'sumOver, and metrics': model => ({
    loss: stl.sumOver('meanSquaredError'),
    metrics: [stl.klMetric(model), 'mae', ofTfjs.binaryAccuracy],
  }),
  'a name, and a metric': model => ({loss: 'meanSquaredError', metrics: [stl.klMetric(model)]}),
  'a function without a name': () => ({loss: (() => mean)()}),
};

/** What is saved of a model, with its optimizer. */
async function artifactsOf(model: LayersModel): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(given => {
    saved = given;
    return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
  });
  await model.save(handler, {includeOptimizer: true});
  return saved!;
}

describeBackends(
  'losses and metrics that are functions, of a model that is saved with its optimizer,',
  () => {
    const x = (): tf.Tensor2D => tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1], [3, 2]);
    const y = (): tf.Tensor2D => tf.tensor2d([0.1, 0.9, 0.3], [3, 1]);
    const random = (): LayersModel =>
      sequential({
        layers: [
          layers.dense({units: 4, inputShape: [2], ...seeded(1)}),
          stl.normal({prior: {name: 'Normal', config: {loc: 0, scale: 1}}, klWeight: 0.1, seed: 3}),
          layers.dense({units: 1, ...seeded(2)}),
        ],
      });
    const fitted = (model: LayersModel, targets: tf.Tensor | tf.Tensor[]): Promise<unknown> =>
      model.fit(x(), targets, {epochs: 2, batchSize: 2, shuffle: false, verbose: 0});
    const weightsOf = (model: LayersModel): Promise<unknown[]> =>
      Promise.all(model.getWeights().map(async w => Array.from(await w.data())));

    /** A run in one piece, and one that is saved, loaded and compiled again in its middle, end with the same weights. */
    async function expectToGoOn(make: () => LayersModel, compiling: Compiling, targets: tf.Tensor | tf.Tensor[]) {
      const optimizer = (): st.StochasticOptimizer => st.stochasticOptimizer(tf.train.adam(0.1));
      const [whole, half] = [make(), make()];
      for (const model of [whole, half]) model.compile({optimizer: optimizer(), ...compiling(model)});
      for (let i = 0; i < 2; i++) await fitted(whole, targets);
      await fitted(half, targets);
      const again = await roundTrip(half, true);
      again.compile({optimizer: again.optimizer, ...compiling(again)});
      await fitted(again, targets);
      expect(await weightsOf(again)).toEqual(await weightsOf(whole));
    }

    for (const [name, compiling] of Object.entries(cases)) {
      it(`let it go on to the bit, compiled with the optimizer of the file: ${name}`, () =>
        expectToGoOn(random, compiling, y()));
    }

    it('let it go on where outputs are distributions, one or several, with losses by place or by name', async () => {
      const one = (): LayersModel =>
        sequential({
          layers: [layers.dense({units: 2, inputShape: [2], ...seeded(1)}), stl.normal({output: 'distribution'})],
        });
      const two = (): LayersModel => {
        const inputs = input({shape: [2]});
        const h = layers.dense({units: 2, ...seeded(1)}).apply(inputs);
        const outputs = [
          stl.normal({output: 'distribution', name: 'p'}).apply(h),
          layers.dense({units: 1, name: 'q', ...seeded(2)}).apply(h),
        ];
        return functional({inputs, outputs: outputs as SymbolicTensor[]});
      };
      const nll = stl.negativeLogLikelihood;
      await expectToGoOn(one, () => ({loss: nll, metrics: ['mae', nll]}), y());
      await expectToGoOn(two, () => ({loss: [nll, mean]}), [y(), y()]);
      await expectToGoOn(two, () => ({loss: {p: nll, q: mean}, metrics: {p: nll, q: mean}}), [y(), y()]);
    });

    it('are missed in one sentence where the loaded model is not compiled again, which predicts all the same', async () => {
      const model = random();
      model.compile({
        optimizer: st.stochasticOptimizer(tf.train.adam(0.1)),
        ...stl.withCosts('meanSquaredError', model),
      });
      const once = await roundTrip(model, true);
      const again = await roundTrip(once, true); // as it came
      expect(await (again.predict(x()) as tf.Tensor).data()).toEqual(await (model.predict(x()) as tf.Tensor).data());
      const message =
        `model "${again.name}": was saved with the loss "withCosts", a function, which is not in the file: compile it ` +
        'again, and with the optimizer of the file it goes on where it stopped, ' +
        'model.compile({optimizer: model.optimizer, loss, metrics})';
      await expectAsync(fitted(again, y())).toBeRejectedWithError(message);
      expect(() => again.evaluate(x(), y())).toThrowError(message);
    });

    it('are refused in one sentence where a file has no names in their places', async () => {
      const model = random();
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0.1)), loss: 'meanSquaredError', metrics: ['mse']});
      const good = await artifactsOf(model);
      const load = (more: object): Promise<LayersModel> =>
        loadLayersModel(tf.io.fromMemory({...good, trainingConfig: {...good.trainingConfig!, ...more}}));
      const deep = JSON.parse(`${'['.repeat(2000)}"mse"${']'.repeat(2000)}`) as unknown;
      const [no, neither] = [
        [3, true, [3], {a: 3}, [null], [{}], [['mse']], [{a: 'mse'}], deep],
        [[3], {a: [3]}, [[['mse']]], deep],
      ];
      for (const [what, list] of [
        ['loss', no],
        ['metrics', neither],
      ] as const)
        for (const wrong of list)
          await expectAsync(load({[what]: wrong}))
            .withContext(JSON.stringify(wrong).slice(0, 40))
            .toBeRejectedWithError(
              new RegExp(`^model "\\w+": the saved ${what} must be a name, or names in a list or by output, got `),
            );
      const output = model.layers[2]!.name;
      for (const right of [
        {loss: ['meanSquaredError'], metrics: {[output]: ['mse', 'mae']}},
        {loss: {[output]: 'meanSquaredError'}, metrics: null},
      ])
        (await load(right)).dispose();
      model.dispose();
    });

    it('are written as tfjs does in a model that has nothing random', async () => {
      const plain = sequential({layers: [layers.dense({units: 1, inputShape: [2]})]});
      plain.compile({optimizer: tf.train.adam(0.1), loss: mean});
      const saved = await artifactsOf(plain);
      expect(saved.trainingConfig!.loss as unknown).toEqual({});
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
