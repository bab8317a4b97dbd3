import * as tf from '@tensorflow/tfjs-core';
import {layers, loadLayersModel, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {seeded} from '../models.js';

/** Saves into memory, as JSON text, and loads it again. */
async function reload(model: LayersModel): Promise<LayersModel> {
  let text = '';
  let weightData: tf.io.WeightData | undefined;
  await model.save(
    tf.io.withSaveHandler(({weightData: data, ...rest}) => {
      [text, weightData] = [JSON.stringify(rest), data];
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
  );
  return loadLayersModel(tf.io.fromMemory({...(JSON.parse(text) as tf.io.ModelArtifacts), weightData: weightData!}));
}

describeBackends(
  'the distribution of a model',
  () => {
    let x: tf.Tensor;
    beforeAll(() => {
      x = tf.tensor2d([0.5, -1, 2, 1, 0.3, -0.2], [2, 3]);
    });
    afterAll(() => x.dispose());
    const gaussian = (args: stl.StochasticLayerArgs = {}): LayersModel =>
      sequential({
        layers: [
          layers.dense({units: 4, inputShape: [3], ...seeded(1)}),
          layers.dropout({rate: 0.5}),
          stl.normal({output: 'distribution', ...args}),
        ],
      });

    it('is the caller’s, with the moments that the model predicts, and leaves nothing else behind', async () => {
      for (const inference of ['mean', 'mode', 'stddev'] as const) {
        const model = gaussian({inference});
        const before = tf.memory().numTensors;
        const d = stl.distributionOf(model, x);
        expect([d.batchShape, d.eventShape]).toEqual([[2], [2]]);
        expect(tf.memory().numTensors).toBe(before + 2);
        const [predicted, exact] = [model.predict(x) as tf.Tensor, d[inference]()];
        expect(await predicted.data()).toEqual(await exact.data());
        tf.dispose([predicted, exact, d.tensors()]);
        expect(tf.memory().numTensors).toBe(before);
        model.dispose();
      }
    });

    it('is differentiable in the weights', async () => {
      const model = gaussian();
      const kernel = model.trainableWeights[0]!.read() as tf.Variable;
      const {grads} = tf.variableGrads(() => tf.sum<tf.Scalar>(stl.distributionOf(model, x).mean()), [kernel]);
      const column = [1.5, -0.7, 1.8];
      (await grads[kernel.name]!.data()).forEach((g, i) => expect(g).toBeCloseTo(i % 4 < 2 ? column[i >> 2]! : 0, 5));
      tf.dispose(grads);
      model.dispose();
    });

    it('is the same in the model saved and loaded', async () => {
      const model = gaussian({inference: 'stddev', name: 'out'});
      const again = await reload(model);
      expect(again.getLayer('out').getConfig()).toEqual(model.getLayer('out').getConfig());
      const predicted = [model, again].map(m => m.predict(x) as tf.Tensor);
      expect(await predicted[0]!.data()).toEqual(await predicted[1]!.data());
      const d = stl.distributionOf(again, x);
      const spread = d.stddev();
      expect(await spread.data()).toEqual(await predicted[0]!.data());
      tf.dispose([...predicted, spread, d.tensors()]);
      model.dispose();
      again.dispose();
    });

    it('is not there where a model has none, or is asked wrongly', () => {
      const plain = sequential({layers: [layers.dense({units: 1, inputShape: [3]})]});
      expect(() => stl.distributionOf(plain, x)).toThrowError(
        /^stl\.distributionOf: the prediction must be what a layer/,
      );
      const model = gaussian();
      const {name} = model.inputs[0]!;
      expect(() => stl.distributionOf(model, [x, x])).toThrowError(
        'stl.distributionOf: the model needs 1 input, got 2',
      );
      const wide = tf.ones([2, 4]);
      expect(() => stl.distributionOf(model, wide)).toThrowError(
        `stl.distributionOf: input "${name}" must be a tensor of shape [any,3], got a float32 tensor of shape [2,4]`,
      );
      expect(() => stl.distributionOf(model, x, {output: 1})).toThrowError(
        /^stl\.distributionOf: output must be one of /,
      );
      // @ts-expect-error: no model
      expect(() => stl.distributionOf({}, x)).toThrowError(/^stl\.distributionOf: needs a model, got /);
      wide.dispose();
      plain.dispose();
      model.dispose();
    });

    it('has no estimator, and no standard deviation where nothing stands for it', () => {
      expect(() => stl.normal({name: 'a', output: 'distribution', estimator: 'pathwise'})).toThrowError(
        `stl layer "a": with output: 'distribution' nothing is drawn in training, so there is no estimator, got "pathwise"`,
      );
      expect(() => stl.normal({name: 'a', inference: 'stddev'})).toThrowError(
        'stl layer "a": inference must be "mean", "mode", "sample" or a number of draws from 1 to 1000000, got "stddev"',
      );
      // @ts-expect-error: no such output
      expect(() => stl.normal({name: 'a', output: 'draw'})).toThrowError(
        'stl layer "a": output must be "value" or "distribution", got "draw"',
      );
    });

    it('adds the divergence from a prior to the loss', async () => {
      const layer = stl.normal({output: 'distribution', prior: new st.Normal({loc: 0, scale: 1}), klWeight: 2});
      const kernel = tf.eye(2);
      const model = sequential({
        layers: [layers.dense({units: 2, inputShape: [2], useBias: false, weights: [kernel]}), layer],
      });
      model.compile({optimizer: tf.train.sgd(0), loss: stl.negativeLogLikelihood});
      const [input, y] = [tf.tensor2d([[0.4, 0.3]]), tf.tensor2d([[1]])];
      const scale = Math.log1p(Math.exp(0.3));
      const nll = 0.5 * ((1 - 0.4) / scale) ** 2 + Math.log(scale) + 0.5 * Math.log(2 * Math.PI);
      const kl = (0.4 ** 2 + scale ** 2 - 1) / 2 - Math.log(scale);
      expect((await model.trainOnBatch(input, y)) as number).toBeCloseTo(nll + 2 * kl, 4);
      tf.dispose([kernel, input, y]);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
