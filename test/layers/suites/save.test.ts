import * as tf from '@tensorflow/tfjs-core';
import {layers, loadLayersModel, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, gpuOf, inBrief, itInNode} from '../../helpers/backends.js';
import {seeded} from '../models.js';

/** Saves into memory, as JSON text, and loads it again. */
async function roundTrip(
  model: LayersModel,
  includeOptimizer = false,
): Promise<{again: LayersModel; topology: string}> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(given => {
      artifacts = given;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
    {includeOptimizer},
  );
  const {weightData, ...rest} = artifacts!;
  const text = JSON.stringify(rest);
  const again = await loadLayersModel(
    tf.io.fromMemory({...(JSON.parse(text) as tf.io.ModelArtifacts), weightData: weightData!}),
  );
  return {again, topology: JSON.stringify(artifacts!.modelTopology)};
}

const layerOf = (model: LayersModel): stl.StochasticLayer => model.layers.find(l => l instanceof stl.StochasticLayer)!;

function modelWith(layer: stl.StochasticLayer, width = 4): LayersModel {
  return sequential({
    layers: [
      layers.dense({units: width, inputShape: [3], ...seeded(1)}),
      layer,
      layers.dense({units: 2, activation: 'sigmoid', ...seeded(2)}),
    ],
  });
}

async function predict(model: LayersModel, x: tf.Tensor): Promise<number[]> {
  const y = model.predict(x) as tf.Tensor;
  const values = Array.from(await y.data());
  y.dispose();
  return values;
}

describeBackends(
  'a model with a random layer, saved and loaded',
  backend => {
    let x: tf.Tensor;
    beforeAll(() => {
      x = tf.tensor2d([0.1, -0.4, 2, 1, 0.3, -0.2], [2, 3]);
    });
    afterAll(() => x.dispose());
    beforeEach(() => st.random.setSeed(1));

    const cases: Record<string, () => stl.StochasticLayer> = {
      'a bare layer': () => stl.bernoulli(),
      'an estimator by name': () => stl.bernoulli({estimator: 'movingAverage'}),
      'an estimator with a nested baseline': () =>
        stl.bernoulli({
          estimator: {name: 'scoreFunction', config: {baseline: {name: 'leaveOneOut', config: {samples: 8}}}},
        }),
      'a camelCase baseline with its decay': () =>
        stl.bernoulli({estimator: st.scoreFunction({baseline: st.movingAverage({decay: 0.5})})}),
      'NVIL with widths': () => stl.bernoulli({estimator: st.nvil({units: [7, 5], decay: 0.8})}),
      'a constant baseline': () => stl.bernoulli({estimator: st.scoreFunction({baseline: st.constant({value: 1.5})})}),
      RELAX: () => stl.oneHotCategorical({estimator: st.relax({units: [6], temperature: 0.3})}),
      'RELAX with the relaxed cost': () =>
        stl.bernoulli({estimator: {name: 'relax', config: {units: [6], relaxedCost: true}}}),
      'Gumbel-softmax': () => stl.bernoulli({estimator: st.gumbelSoftmax({temperature: 0.3})}),
      'the straight-through Gumbel-softmax by name': () =>
        stl.oneHotCategorical({estimator: {name: 'straightThroughGumbelSoftmax', config: {temperature: 0.2}}}),
      'straight-through with a slope': () =>
        stl.bernoulli({estimator: st.straightThrough({through: 'hardSigmoid', slope: 2.5})}),
      ReinMax: () => stl.oneHotCategorical({estimator: 'reinMax'}),
      'Gumbel-Rao': () => stl.bernoulli({estimator: st.gumbelRao({samples: 3, temperature: 0.4})}),
      LAX: () => stl.normal({estimator: {name: 'lax', config: {units: [3]}}}),
      'every other option': () =>
        stl.normal({
          inference: 'mode',
          seed: -12,
          prior: new st.Normal({loc: [0, 1], scale: 2}),
          klWeight: 0.25,
          name: 'camelCaseName',
          trainable: false,
        }),
      'a prior in a typed array': () =>
        stl.oneHotCategorical({prior: new st.OneHotCategorical({logits: Float32Array.of(1, 2, 3, 4)})}),
      'a prior of another family': () =>
        stl.stochastic({distribution: 'exponential', prior: {name: 'Exponential', config: {rate: 2}}}),
    };
    for (const family of ['laplace', 'logistic', 'gumbel', 'oneHotCategorical'])
      cases[`the family ${family}`] = () => stl.stochastic({distribution: family});

    for (const [title, make] of Object.entries(cases)) {
      if (inBrief && backend !== gpuOf(title)) continue;
      it(`is the same model: ${title}`, async () => {
        const model = modelWith(make());
        const {again} = await roundTrip(model);
        expect(await predict(again, x)).toEqual(await predict(model, x));
        const [before, after] = [layerOf(model), layerOf(again)];
        expect(after instanceof stl.StochasticLayer).toBeTrue();
        expect(JSON.parse(JSON.stringify(after.getConfig()))).toEqual(JSON.parse(JSON.stringify(before.getConfig())));
        model.dispose();
        again.dispose();
      });
    }

    it('has what it was configured with', async () => {
      const model = modelWith(
        stl.bernoulli({
          estimator: {name: 'scoreFunction', config: {baseline: {name: 'leaveOneOut', config: {samples: 8}}}},
          seed: 3,
          prior: {name: 'Bernoulli', config: {probs: 0.5}},
        }),
      );
      const {again, topology} = await roundTrip(model);
      expect(topology).toContain('"name":"leaveOneOut"');
      const config = layerOf(again).getConfig();
      expect(config['estimator']).toEqual({
        name: 'scoreFunction',
        config: {baseline: {name: 'leaveOneOut', config: {samples: 8}}},
      });
      expect(config['prior']).toEqual({name: 'Bernoulli', config: {probs: 0.5}});
      expect(config['distribution']).toEqual({name: 'bernoulli'});
      expect(config['seed']).toBe(3);
      model.dispose();
      again.dispose();
    });

    it('draws the same sequence again with a seed', async () => {
      const model = modelWith(stl.bernoulli({seed: 9, inference: 'sample'}));
      const {again} = await roundTrip(model);
      const sequence = async (m: LayersModel): Promise<number[][]> => [
        await predict(m, x),
        await predict(m, x),
        await predict(m, x),
      ];
      expect(await sequence(again)).toEqual(await sequence(model));
      model.dispose();
      again.dispose();
    });

    it('has a registered distribution', async () => {
      const name = `shiftedNormal${tf.getBackend()}`;
      stl.registerDistribution(name, {
        make: ([m]) => new st.Normal({loc: tf.add(m!, 1), scale: 0.5}),
        outputShape: s => s[0]!,
      });
      const model = modelWith(stl.stochastic({distribution: name}));
      const {again} = await roundTrip(model);
      expect(await predict(again, x)).toEqual(await predict(model, x));
      model.dispose();
      again.dispose();
    });

    itInNode('trains on after loading', async () => {
      const model = modelWith(stl.bernoulli({estimator: 'nvil', prior: {name: 'Bernoulli', config: {probs: 0.5}}}));
      const {again} = await roundTrip(model);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
      again.compile({optimizer, loss: 'binaryCrossentropy'});
      const y = tf.tensor2d([1, 0, 0, 1], [2, 2]);
      const losses: number[] = [];
      for (let i = 0; i < 40; i++) losses.push((await again.trainOnBatch(x, y)) as number);
      const mean = (list: number[]): number => list.reduce((a, b) => a + b) / list.length;
      expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)) - 0.1);
      expect(await predict(again, x)).not.toEqual(await predict(model, x));
      y.dispose();
      model.dispose();
      again.dispose();
      optimizer.dispose();
    });

    it('brings its optimizer along with includeOptimizer, moments included', async () => {
      const model = modelWith(stl.bernoulli({estimator: 'scoreFunction', seed: 2}));
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.05, 0.8), {
        controlVariateOptimizer: tf.train.adam(0.02),
      });
      model.compile({optimizer, loss: 'meanSquaredError', metrics: ['mse']});
      const y = tf.tensor2d([1, 0, 0, 1], [2, 2]);
      for (let i = 0; i < 3; i++) await model.trainOnBatch(x, y);
      const {again} = await roundTrip(model, true);
      const loaded = again.optimizer as st.StochasticOptimizer;
      expect(loaded instanceof st.StochasticOptimizer).toBeTrue();
      expect(loaded.getConfig()).toEqual(optimizer.getConfig());
      expect(loaded.optimizer.getClassName()).toBe('Adam');
      const [saved, restored] = [await optimizer.getWeights(), await loaded.getWeights()];
      expect(restored.length).toBe(saved.length);
      // the first is the number of steps; the others are the moments
      for (const [i, w] of restored.entries())
        expect(Array.from(await w.tensor.data()))
          .withContext(w.name)
          .toEqual(Array.from(await saved[i]!.tensor.data()));
      expect(Number.isFinite(((await again.trainOnBatch(x, y)) as number[])[0]!)).toBeTrue();
      y.dispose();
      tf.dispose([saved[0]!.tensor, restored[0]!.tensor]);
      model.dispose();
      again.dispose();
      optimizer.dispose();
      loaded.dispose();
    });

    it('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      const model = modelWith(stl.bernoulli({estimator: 'nvil'}));
      const {again} = await roundTrip(model);
      await predict(again, x);
      model.dispose();
      again.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: ['webgl']},
);

describe('a layer that cannot be saved', () => {
  const message = async (layer: stl.StochasticLayer): Promise<string> => {
    const model = modelWith(layer);
    try {
      await model.save(tf.io.withSaveHandler(() => Promise.reject(new Error('was saved'))));
    } catch (error) {
      return (error as Error).message;
    } finally {
      model.dispose();
    }
    return 'was saved';
  };

  it('says so, and why', async () => {
    expect(await message(stl.stochastic({distribution: ([a]) => new st.Bernoulli({logits: a!}), name: 'mine'}))).toBe(
      'stl layer "mine": a layer whose distribution is a function cannot be saved; give it a name with stl.registerDistribution',
    );
    const holding =
      'an estimator that holds functions, networks or tensors cannot be saved; give it by name and configuration';
    expect(await message(stl.bernoulli({estimator: st.relax({controlVariate: z => tf.sum(z, -1)}), name: 'a'}))).toBe(
      `stl layer "a": ${holding}`,
    );
    expect(
      await message(
        stl.bernoulli({estimator: (node, value, cost) => tf.mul(node.distribution.logProb(value), cost), name: 'b'}),
      ),
    ).toBe(`stl layer "b": ${holding}`);
    expect(
      await message(stl.bernoulli({estimator: st.scoreFunction({baseline: (_n, _v, cost) => cost}), name: 'c'})),
    ).toBe(`stl layer "c": ${holding}`);
    expect(
      await message(stl.bernoulli({estimator: st.gumbelSoftmax({temperature: step => 1 / (1 + step)}), name: 'e'})),
    ).toBe(`stl layer "e": ${holding}`);
    const loc = tf.scalar(0);
    expect(await message(stl.bernoulli({estimator: st.reinMax({temperature: loc}), name: 'f'}))).toBe(
      `stl layer "f": ${holding}`,
    );
    expect(await message(stl.normal({prior: new st.Normal({loc, scale: 1}), name: 'd'}))).toBe(
      'stl layer "d": a prior can be saved if its parameters are numbers or arrays, got a Normal',
    );
    loc.dispose();
  });
});
