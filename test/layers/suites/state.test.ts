import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  loadLayersModel,
  model as functional,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, inBrowser} from '../../helpers/backends.js';
import {seeded} from '../models.js';

const isFull = process.env.FULL === '1';

/** What a file holds of a model; `edit` may change its JSON. */
async function artifactsOf(model: LayersModel, includeOptimizer: boolean): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(given => {
      artifacts = given;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
    {includeOptimizer},
  );
  const {weightData, ...rest} = artifacts!;
  return {...(JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts), weightData: weightData!};
}

const load = (artifacts: tf.io.ModelArtifacts): Promise<LayersModel> => loadLayersModel(tf.io.fromMemory(artifacts));

const layerOf = (model: LayersModel): stl.StochasticLayer => model.layers.find(l => l instanceof stl.StochasticLayer)!;

function modelWith(layer: stl.StochasticLayer): LayersModel {
  const per = layer.paramsSize(1); // a normal layer takes two numbers for each of its own
  return sequential({
    layers: [
      layers.dense({units: 3 * per, inputShape: [2], ...seeded(1), name: 'a'}),
      layer,
      layers.dense({units: 2, activation: 'sigmoid', ...seeded(2), name: 'b'}),
    ],
  });
}

/** Every weight, by its name in the file. */
async function weightsOf(model: LayersModel): Promise<Record<string, number[]>> {
  const entries = await Promise.all(
    model.weights.map(async w => [w.originalName, Array.from(await w.read().data())] as const),
  );
  return Object.fromEntries(entries);
}

const dense = (units: number, seed: number, more: {inputShape?: number[]} = {}): ReturnType<typeof layers.dense> =>
  layers.dense({units, ...seeded(seed), name: `d${seed}`, ...more});

const bits = (name: string, config: Record<string, unknown> = {}): stl.StochasticLayer =>
  stl.bernoulli({estimator: {name, config}, seed: 5, name: 'z'});
const oneHot = (name: string, config: Record<string, unknown> = {}): stl.StochasticLayer =>
  stl.oneHotCategorical({estimator: {name, config}, seed: 5, name: 'z'});

/** A network as a model, from z and nothing else. */
const network = (units: number, name: string): LayersModel =>
  sequential({
    layers: [
      layers.dense({units: 2, activation: 'tanh', inputShape: [units], ...seeded(3), name: `${name}Hidden`}),
      layers.dense({units: 1, ...seeded(4), name: `${name}Out`}),
    ],
  });

/** Every estimator and every baseline that remembers something. */
const cases: Record<string, () => stl.StochasticLayer> = {
  movingAverage: () => bits('movingAverage', {decay: 0.8}),
  'normalized baseline': () => bits('scoreFunction', {baseline: {name: 'normalized', config: {decay: 0.8}}}),
  nvil: () => bits('nvil', {units: [3], decay: 0.9}),
  relax: () => oneHot('relax', {units: [3]}),
  'relax with the relaxed cost': () => bits('relax', {units: [3], relaxedCost: true}),
  rebar: () => bits('rebar'),
  rodeo: () => bits('rodeo', {units: [3]}),
  doubleCv: () => bits('doubleCv'),
  'dice with a baseline': () => bits('dice', {baseline: 'movingAverage'}),
  lax: () =>
    stl.normal({
      estimator: {name: 'lax', config: {units: [3]}},
      seed: 5,
      name: 'z',
      prior: {name: 'Normal', config: {loc: 0, scale: 1}},
    }),
  critic: () => oneHot('critic', {target: 'monteCarlo', units: [3]}),
  'critic with a slow copy': () => bits('critic', {target: 'td', units: [3], targetNetwork: {decay: 0.5}}),
  'critic of one network': () => bits('critic', {target: 'monteCarlo', units: [3], shared: true}),
  'critic with a model': () =>
    oneHot('critic', {target: 'monteCarlo', network: network(6, 'c'), targetNetwork: {decay: 0.5}}),
  'relax with a model': () => oneHot('relax', {controlVariate: network(3, 'c')}),
};

/** Models with several nodes that each have a state, by what makes a layer of a name. */
const severalNodes: Record<string, (make: (name: string) => stl.StochasticLayer) => LayersModel> = {
  'two layers': make =>
    sequential({layers: [dense(3, 1, {inputShape: [2]}), make('z'), dense(3, 2), make('w'), dense(2, 3)]}),
  'one layer that is used twice': make => {
    const [inputs, z] = [input({shape: [2]}), make('z')];
    const twice = z.apply(dense(3, 2).apply(z.apply(dense(3, 1).apply(inputs))));
    return functional({inputs, outputs: dense(2, 3).apply(twice) as SymbolicTensor});
  },
  'each step of a sequence': make =>
    sequential({
      layers: [
        layers.reshape({targetShape: [2, 1], inputShape: [2], name: 'r'}),
        layers.timeDistributed({layer: dense(2, 1), name: 's'}),
        layers.timeDistributed({layer: make('z'), name: 't'}),
        layers.flatten({name: 'f'}),
        dense(2, 3),
      ],
    }),
  'a layer behind several draws of another': make =>
    sequential({
      layers: [
        dense(2, 1, {inputShape: [2]}),
        stl.bernoulli({estimator: {name: 'leaveOneOut', config: {samples: 2}}, seed: 6, name: 'v'}),
        dense(2, 2),
        make('z'),
        dense(2, 3),
      ],
    }),
};

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.3),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.05),
  rmsprop: () => tf.train.rmsprop(0.02, 0.8, 0.5),
  adagrad: () => tf.train.adagrad(0.2),
  adadelta: () => tf.train.adadelta(1, 0.9, 1e-3),
  adamax: () => tf.train.adamax(0.05),
};

describeBackends(
  'a run that is saved and loaded in its middle',
  backend => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      x = tf.tensor2d([0.1, -0.4, 2, 1, 0.3, -0.2], [3, 2]);
      y = tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]);
    });
    afterAll(() => tf.dispose([x, y]));

    const trained = (model: LayersModel, epochs: number): Promise<unknown> =>
      model.fit(x, y, {epochs, batchSize: 2, shuffle: false, verbose: 0});

    /** The weights after `epochs` epochs, saved and loaded after half of them or not. */
    async function run(
      make: () => LayersModel,
      optimizer: () => tf.Optimizer,
      restores: boolean,
      epochs = 4,
    ): Promise<Record<string, number[]>> {
      st.random.setSeed(8);
      let model = make();
      const own = st.stochasticOptimizer(optimizer(), {controlVariateOptimizer: tf.train.adam(0.02)});
      model.compile({optimizer: own, loss: 'meanSquaredError'});
      await trained(model, epochs / 2);
      if (restores) {
        const again = await load(await artifactsOf(model, true));
        model.dispose();
        own.dispose();
        model = again;
      }
      await trained(model, epochs / 2);
      const weights = await weightsOf(model);
      model.dispose();
      if (!restores) own.dispose();
      return weights;
    }

    const few = inBrowser && !isFull;
    for (const [name, make] of Object.entries(cases)) {
      if (few && !['movingAverage', 'relax with a model', 'nvil'].includes(name)) continue;
      it(`is the run that was not: ${name}`, async () => {
        const through = await run(() => modelWith(make()), optimizers['adam']!, false);
        expect(await run(() => modelWith(make()), optimizers['adam']!, true)).toEqual(through);
        const counts = through['z/state_0_counts'];
        if (name !== 'relax with a model') expect(counts?.[0]).toBe(1);
      });
    }
    for (const [name, optimizer] of Object.entries(optimizers)) {
      if (few || (backend === 'wasm' && !isFull)) continue;
      it(`is the run that was not: ${name}`, async () => {
        const make = (): LayersModel => modelWith(cases['nvil']!());
        expect(await run(make, optimizer, true)).toEqual(await run(make, optimizer, false));
      });
    }
    // the states of a run are made from the last node to the first, those of a loaded model from the first to the last
    for (const [name, structure] of Object.entries(severalNodes)) {
      if (few || (backend === 'wasm' && !isFull)) continue;
      it(`is the run that was not where estimators learn at ${name}`, async () => {
        for (const [estimator, config] of [
          ['nvil', {units: [2]}],
          ['rebar', {}],
          ['critic', {target: 'td', units: [2], targetNetwork: {decay: 0.5}}],
        ] as const) {
          const make = (): LayersModel =>
            structure(name => stl.bernoulli({estimator: {name: estimator, config}, seed: 5, name}));
          const through = await run(make, optimizers['adam']!, false, 2);
          expect(await run(make, optimizers['adam']!, true, 2))
            .withContext(estimator)
            .toEqual(through);
        }
      });
    }
  },
  {inBrief: ['webgl']},
);

describeBackends(
  'what an estimator remembers, as weights',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      x = tf.tensor2d([0.1, -0.4, 2, 1], [2, 2]);
      y = tf.tensor2d([1, 0, 0, 1], [2, 2]);
    });
    afterAll(() => tf.dispose([x, y]));

    function compiled(model: LayersModel): LayersModel {
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0.2)), loss: 'meanSquaredError', metrics: ['mse']});
      return model;
    }
    async function train(model: LayersModel, steps: number): Promise<void> {
      for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
    }
    const messageOf = async (make: () => Promise<unknown>): Promise<string> => {
      try {
        await make();
        return 'nothing was thrown';
      } catch (error) {
        return (error as Error).message;
      }
    };

    it('is saved without the optimizer too', async () => {
      const model = compiled(modelWith(cases['movingAverage']!()));
      await train(model, 3);
      const again = compiled(await load(await artifactsOf(model, false)));
      expect(await weightsOf(again)).toEqual(await weightsOf(model));
      await train(model, 3);
      await train(again, 3);
      expect(await weightsOf(again)).toEqual(await weightsOf(model));
      expect((await weightsOf(model))['z/state_0_counts']).toEqual([1, 6]);
      model.dispose();
      again.dispose();
    });

    it('counts as many weights before the first step as after, of the same shapes', async () => {
      for (const make of Object.values(cases)) {
        const model = compiled(modelWith(make()));
        const shapes = (): string[] => model.weights.map(w => `${w.originalName} ${w.shape.join()}`);
        const before = shapes();
        await train(model, 1);
        expect(shapes()).toEqual(before);
        model.dispose();
      }
    });

    it('comes back with the weights: as it was then, and fresh where it was fresh', async () => {
      const model = compiled(modelWith(cases['movingAverage']!()));
      const copy = (): tf.Tensor[] => model.getWeights().map(w => tf.clone(w));
      const fresh = copy();
      await train(model, 4);
      const best = copy();
      const then = await weightsOf(model);
      await train(model, 3);
      const later = await weightsOf(model);
      expect(later).not.toEqual(then);
      model.setWeights(best);
      expect(await weightsOf(model)).toEqual(then);
      await train(model, 3);
      expect(await weightsOf(model)).toEqual(later);
      model.setWeights(fresh);
      await model.trainOnBatch(x, y);
      expect((await weightsOf(model))['z/state_0_counts']).toEqual([1, 1]);
      model.setWeights(model.getWeights()); // changes nothing
      expect((await weightsOf(model))['z/state_0_counts']).toEqual([1, 1]);
      tf.dispose([fresh, best]);
      model.dispose();
    });

    it('may be left out of what a layer is given, and then stays', async () => {
      const model = compiled(modelWith(cases['movingAverage']!()));
      await train(model, 2);
      const layer = layerOf(model);
      const counters = tf.tensor1d([0, 0, 0], 'int32');
      const own = layer.getWeights().length;
      layer.setWeights([counters]);
      expect((await weightsOf(model))['z/state_0_counts']).toEqual([1, 2]);
      expect(() => layer.setWeights([counters, counters, counters, counters, counters])).toThrowError(
        /layer "z".*expecting/,
      );
      expect(layer.getWeights().length).toBe(own);
      counters.dispose();
      model.dispose();
    });

    it('is fresh in a model that was saved without it', async () => {
      const model = compiled(modelWith(cases['movingAverage']!()));
      await train(model, 2);
      const artifacts = await artifactsOf(model, false);
      const text = JSON.stringify(artifacts.modelTopology).replace(/,"estimator_?[sS]tate":\[.*?\}\]/, '');
      const kept = artifacts.weightSpecs!.filter(({name}) => !name.includes('state_'));
      expect(kept.length).toBe(artifacts.weightSpecs!.length - 2);
      const bytes = 4 * kept.reduce((n, {shape}) => n + shape.reduce((a, b) => a * b, 1), 0);
      const again = compiled(
        await load({
          ...artifacts,
          modelTopology: JSON.parse(text) as object,
          weightSpecs: kept,
          weightData: (artifacts.weightData as ArrayBuffer).slice(0, bytes), // the state comes last but for what is behind the layer
        }),
      );
      await train(again, 1);
      expect((await weightsOf(again))['z/state_0_counts']).toEqual([1, 1]);
      model.dispose();
      again.dispose();
    });

    it('of an estimator that remembers nothing is nothing', () => {
      const model = modelWith(bits('leaveOneOut'));
      expect(layerOf(model).getWeights().length).toBe(1); // the counters
      model.dispose();
    });

    it('is refused in the name of the layer where it does not fit', async () => {
      const model = compiled(modelWith(cases['nvil']!()));
      await train(model, 1);
      const artifacts = await artifactsOf(model, false);
      const text = JSON.stringify(artifacts.modelTopology);
      const loaded = (topology: string, change: Partial<tf.io.ModelArtifacts> = {}): Promise<string> =>
        messageOf(async () => {
          const again = await load({...artifacts, modelTopology: JSON.parse(topology) as object, ...change});
          try {
            await compiled(again).trainOnBatch(x, y);
          } finally {
            again.dispose();
          }
        });
      expect(await loaded(text)).toBe('nothing was thrown');
      const specs = artifacts.weightSpecs!;
      const at = specs.findIndex(({name}) => name === 'z/state_0_0');
      const shaped = specs.map((spec, i) => (i === at ? {...spec, shape: [...spec.shape].reverse()} : spec));
      expect(await loaded(text, {weightSpecs: shaped})).toMatch(
        /^stl layer "z": z\/state_0_0 must be of float32 and shape \[3,3\]|nothing was thrown/,
      );
      const flat = specs.map((spec, i) => (i === at ? {...spec, shape: [9]} : spec));
      expect(await loaded(text, {weightSpecs: flat})).toMatch(
        /^stl layer "z": z\/state_0_0 must be of float32 and shape \[3,3\], got/,
      );
      // of another estimator
      const other = text.replace(
        '"name":"nvil","config":{"units":[3],"decay":0.9}',
        '"name":"movingAverage","config":{}',
      );
      expect(other).not.toBe(text);
      expect(await loaded(other)).toMatch(/^stl layer "z": the saved state must be that of its estimator/);
      const none = text.replace(
        '"name":"nvil","config":{"units":[3],"decay":0.9}',
        '"name":"scoreFunction","config":{}',
      );
      expect(await loaded(none)).toBe(
        'stl layer "z": the saved state must be that of its estimator, which remembers nothing',
      );
      // not finite
      const offset = 4 * specs.slice(0, at).reduce((n, {shape}) => n + shape.reduce((a, b) => a * b, 1), 0);
      const spoilt = (artifacts.weightData as ArrayBuffer).slice(0); // model.save gives one buffer
      new Float32Array(spoilt, offset, 1)[0] = NaN;
      // GPUs are not read in between
      if (['cpu', 'wasm'].includes(tf.getBackend()))
        expect(await loaded(text, {weightData: spoilt})).toBe(
          'stl layer "z": its saved state must be finite; z/state_0_0 is not, got NaN',
        );
      // missing
      expect(await loaded(text, {weightSpecs: specs.map((s, i) => (i === at ? {...s, name: 'z/odd'} : s))})).toContain(
        'z/odd',
      );
      for (const wrong of [
        '3',
        'null',
        '{}',
        '[3]',
        '[{"shapes":[[1e9,1e9]],"counters":1}]',
        '[{"shapes":[[-1]],"counters":1}]',
        '[{"shapes":[],"counters":1e9}]',
      ]) {
        const hostile = text.replace(/("estimator_?[sS]tate":)\[.*?\}\]/, `$1${wrong}`);
        expect(hostile).not.toBe(text);
        expect(await loaded(hostile)).toContain(
          'the saved state of its estimator must be a list of {shapes, counters}',
        );
      }
      model.dispose();
    });

    it('does not change when the model predicts or evaluates', async () => {
      for (const make of Object.values(cases)) {
        const model = compiled(modelWith(make()));
        await train(model, 2);
        const before = await weightsOf(model);
        tf.dispose(model.predict(x));
        tf.dispose(model.evaluate(x, y));
        expect(await weightsOf(model)).toEqual(before);
        model.dispose();
      }
    });

    it('is the same after fit with one batch and after trainOnBatch', async () => {
      const [a, b] = [compiled(modelWith(cases['rebar']!())), compiled(modelWith(cases['rebar']!()))];
      await a.fit(x, y, {epochs: 3, batchSize: 2, shuffle: false, verbose: 0});
      await train(b, 3);
      expect(Object.values(await weightsOf(a))).toEqual(Object.values(await weightsOf(b)));
      a.dispose();
      b.dispose();
    });

    it('of two uses in one step is saved for each', async () => {
      const make = (): LayersModel => {
        const shared = cases['movingAverage']!();
        const inputs = input({shape: [2]});
        const [first, between, last] = [
          layers.dense({units: 3, ...seeded(1), name: 'a'}),
          layers.dense({units: 3, ...seeded(5), name: 'c'}),
          layers.dense({units: 2, ...seeded(6), name: 'b'}),
        ];
        const twice = shared.apply(between.apply(shared.apply(first.apply(inputs))));
        return functional({inputs, outputs: last.apply(twice) as SymbolicTensor});
      };
      const model = compiled(make());
      await train(model, 2);
      const again = compiled(await load(await artifactsOf(model, false)));
      expect(Object.keys(await weightsOf(again))).toContain('z/state_1_counts');
      await train(model, 2);
      await train(again, 2);
      expect(await weightsOf(again)).toEqual(await weightsOf(model));
      model.dispose();
      again.dispose();
    });

    it('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      for (const name of ['nvil', 'rebar', 'relax with a model']) {
        const model = modelWith(cases[name]!());
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.1));
        model.compile({optimizer, loss: 'meanSquaredError'});
        await train(model, 2);
        const again = await load(await artifactsOf(model, true));
        await train(again, 1);
        const {config} =
          (layerOf(model).estimator as st.Estimator).configWithModels === undefined
            ? {config: {}}
            : {config: (layerOf(model).estimator as st.Estimator).configWithModels!};
        model.dispose();
        optimizer.dispose();
        again.optimizer.dispose();
        again.dispose();
        (config['controlVariate'] as LayersModel | undefined)?.dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    it('goes with the model where wrappers hold the layers, which are not disposed themselves', async () => {
      const before = tf.memory().numTensors;
      for (const structure of ['two layers', 'each step of a sequence']) {
        for (const name of ['movingAverage', 'nvil', 'relax'] as const) {
          const model = severalNodes[structure]!(z => stl.bernoulli({estimator: {name, config: {}}, seed: 5, name: z}));
          const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
          model.compile({optimizer, loss: 'meanSquaredError'});
          await train(model, 1);
          model.dispose();
          optimizer.dispose();
          expect(tf.memory().numTensors).withContext(`${name} at ${structure}`).toBe(before);
        }
      }
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a network of an estimator that is a model',
  () => {
    const lines = (model: LayersModel): string => {
      const all: string[] = [];
      model.summary(undefined, undefined, line => void all.push(String(line)));
      return all.join('\n');
    };

    it('is counted in the summary, among what the loss does not train, and is trained by the other optimizer alone', async () => {
      const c = network(3, 'c');
      const model = modelWith(stl.oneHotCategorical({estimator: st.relax({controlVariate: c}), seed: 1, name: 'z'}));
      expect(c.countParams()).toBe(11);
      expect(lines(model)).toMatch(/z \(Stochastic\).* 14 /);
      expect(model.trainableWeights.length).toBe(4);
      const inner = tf.train.sgd(0.1);
      const apply = spyOn(inner, 'applyGradients').and.callThrough();
      const own = tf.train.sgd(0.1);
      const applyOwn = spyOn(own, 'applyGradients').and.callThrough();
      model.compile({
        optimizer: st.stochasticOptimizer(inner, {controlVariateOptimizer: own}),
        loss: 'meanSquaredError',
      });
      const [x, y] = [tf.ones([2, 2]), tf.ones([2, 2])];
      await model.trainOnBatch(x, y);
      const names = (calls: jasmine.Calls<tf.Optimizer['applyGradients']>): string[] =>
        (calls.mostRecent().args[0] as Array<{name: string}>).map(({name}) => name);
      expect(apply).toHaveBeenCalledTimes(1);
      expect(applyOwn).toHaveBeenCalledTimes(1);
      expect(names(apply.calls).length).toBe(4);
      expect(names(applyOwn.calls)).toEqual(c.trainableWeights.map(w => (w.read() as tf.Variable).name));
      model.dispose();
      expect(c.trainableWeights[0]!.read().isDisposed).toBeFalse(); // it is the user's
      c.dispose();
      tf.dispose([x, y]);
    });

    it('is saved with the layer, in a baseline too', async () => {
      const layer = bits('scoreFunction', {baseline: {name: 'learned', config: {network: network(3, 'b')}}});
      const model = modelWith(layer);
      const artifacts = await artifactsOf(model, false);
      expect(JSON.stringify(artifacts.modelTopology)).toContain('bHidden');
      expect(artifacts.weightSpecs!.map(({name}) => name)).toContain('z/baseline/config/network/bHidden/kernel');
      const again = await load(artifacts);
      expect(await weightsOf(again)).toEqual(await weightsOf(model));
      expect(lines(again)).toBe(lines(model));
      model.dispose();
      again.dispose();
      const text = JSON.stringify(artifacts.modelTopology);
      const huge = JSON.parse(text.replace(/("bHidden".*?"units":)\d+/, '$11e9')) as object; // as JSON holds it
      expect(JSON.stringify(huge)).not.toBe(text);
      await expectAsync(load({...artifacts, modelTopology: huge})).toBeRejectedWithError(
        /^stl\.stochastic: the saved layer Sequential cannot be made: layer "b\w+": kernel is too large, got \[/,
      );
    });

    it('starts as its initializers say where nothing is loaded, and leaves them alone where something is', async () => {
      let asked = 0;
      class Asked extends tf.serialization.Serializable {
        static className = 'AskedInitializer';
        apply(shape: number[]): tf.Tensor {
          asked++;
          return tf.fill(shape, 0.25);
        }
        getConfig(): tf.serialization.ConfigDict {
          return {};
        }
      }
      tf.serialization.registerClass(Asked);
      const layer = bits('scoreFunction', {baseline: {name: 'learned', config: {network: network(3, 'c')}}});
      const model = modelWith(layer);
      const artifacts = await artifactsOf(model, false);
      const text = JSON.stringify(artifacts.modelTopology).replace(
        /("cHidden".*?"kernel_initializer":)\{"class_name":"\w+","config":\{[^}]*\}\}/,
        '$1{"class_name":"AskedInitializer","config":{}}', // one that never ends, say
      );
      const modelTopology = JSON.parse(text) as object;
      const loaded = await load({...artifacts, modelTopology});
      expect(asked).toBe(0);
      expect(await weightsOf(loaded)).toEqual(await weightsOf(model));
      const fresh = await load({modelTopology});
      expect(asked).toBeGreaterThan(0);
      const first = Object.entries(await weightsOf(fresh)).find(([name]) =>
        name.endsWith('config/network/cOut/kernel'),
      );
      expect(first![1]).toEqual([0.25, 0.25]);
      [model, loaded, fresh].forEach(m => m.dispose());
    });

    it('must have its weights', () => {
      const c = sequential();
      expect(() => modelWith(oneHot('relax', {controlVariate: c}))).toThrowError(
        'stl layer "z": the model that is its estimator\'s controlVariate must be built: give its first layer an inputShape',
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
