import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  layers,
  loadLayersModel,
  model,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, itInNode} from '../../helpers/backends.js';

/** Saves into memory, as JSON text, and loads it again. */
async function roundTrip(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(given => {
      artifacts = given;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
  );
  const {weightData, ...rest} = artifacts!;
  const parsed = JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts;
  return loadLayersModel(tf.io.fromMemory({...parsed, weightData: weightData!}));
}

const models: Record<string, () => stl.VariationalLayer[]> = {
  'dense, plain draws': () => [stl.denseReparameterization({units: 2, inputShape: [3], activation: 'relu'})],
  'dense, local, scale mixture': () => [
    stl.denseLocalReparameterization({
      ...{units: 2, inputShape: [3], activation: 'tanh'},
      prior: {name: 'scaleMixture', config: {weight: 0.25, scales: [1, 0.01]}},
    }),
  ],
  'dense, flipout, learnt prior, random bias': () => [
    stl.denseFlipout({units: 2, inputShape: [3], prior: 'learned', randomBias: true}),
  ],
  'dense, log-uniform prior': () => [
    stl.denseLocalReparameterization({units: 2, inputShape: [3], prior: 'logUniform'}),
  ],
  'dense, dropout': () => [stl.denseVariationalDropout({units: 2, inputShape: [3], randomBias: true})],
  'conv2d, dropout at one rate': () => [
    stl.conv2dFlipout({
      ...{filters: 2, kernelSize: 2, inputShape: [3, 3, 1]},
      posterior: {name: 'dropout', config: {rate: 0.4, shared: true}},
    }),
  ],
  'conv1d, flipout': () => [stl.conv1dFlipout({filters: 2, kernelSize: 2, inputShape: [4, 3], activation: 'softmax'})],
  'conv2d, flipout': () => [stl.conv2dFlipout({filters: 2, kernelSize: 2, inputShape: [4, 3, 1], padding: 'same'})],
  'an LSTM at sampled divergences': () => [
    stl.variational(layers.lstm({units: 2, inputShape: [4, 3], recurrentInitializer: 'glorotUniform'}), {
      exact: false,
      posterior: 'laplace',
    }),
  ],
};

describeBackends(
  'a model with random weights',
  backend => {
    beforeEach(() => st.random.setSeed(1));

    for (const [title, make] of Object.entries(models)) {
      // tfjs has no derivative of filters there
      if (backend === 'wasm' && title.startsWith('conv')) continue;
      it(`is fitted without a leak, saved and loaded: ${title}`, async () => {
        const before = tf.memory().numTensors;
        const model = sequential({
          layers: [...make(), ...(title.startsWith('conv') ? [layers.flatten()] : []), layers.dense({units: 2})],
        });
        const shape = model.inputs[0]!.shape.slice(1) as number[]; // all but the batch are numbers here
        const [x, y] = [tf.ones([4, ...shape]), tf.ones([4, 2])];
        const optimizer = tf.train.sgd(0.001);
        model.compile({optimizer, loss: 'meanSquaredError'});
        await model.fit(x, y, {epochs: 1, batchSize: 2, verbose: 0});
        const between = tf.memory().numTensors;
        await model.fit(x, y, {epochs: 3, batchSize: 2, verbose: 0});
        expect(tf.memory().numTensors).toBe(between);
        const again = await roundTrip(model);
        const [a, b] = [model.predict(x), again.predict(x)] as [tf.Tensor, tf.Tensor];
        expect(Array.from(await b.data())).toEqual(Array.from(await a.data()));
        // tfjs writes null for what is not set
        const written = (m: LayersModel): string =>
          JSON.stringify(m.layers[0]!.getConfig(), (_, value: unknown) => value ?? undefined);
        expect(written(again)).toBe(written(model));
        tf.dispose([x, y, a, b]);
        model.dispose();
        again.dispose();
        optimizer.dispose();
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('counts the divergence of a layer that is used twice once', async () => {
      const layer = stl.denseReparameterization({units: 3, inputShape: [3], klWeight: 2});
      const model = sequential({layers: [layer, layer]});
      const inputs = tf.zeros([4, 3]);
      model.compile({optimizer: tf.train.sgd(0), loss: 'meanSquaredError'});
      const kl = layer.kl();
      const {history} = await model.fit(inputs, inputs, {verbose: 0});
      expect(history['loss']![0] as number).toBeCloseTo(2 * (await kl.data())[0]!, 3);
      tf.dispose([inputs, kl]);
      model.dispose();
    });

    it('draws anew at each call, the same in a run of the same seed, and the mean where it is not trained', async () => {
      const [run, twin] = [1, 2].map(() => {
        const layer = stl.denseFlipout({
          units: 2,
          inputShape: [3],
          seed: 8,
          useBias: false,
          weights: [tf.ones([3, 2])],
        });
        sequential({layers: [layer]});
        return layer;
      }) as [stl.VariationalLayer, stl.VariationalLayer];
      const x = tf.ones([1, 3]);
      const draw = async (layer: stl.VariationalLayer, training: boolean): Promise<number[]> => {
        const y = layer.apply(x, {training}) as tf.Tensor;
        const values = Array.from(await y.data());
        y.dispose();
        return values;
      };
      const first = await draw(run, true);
      expect(await draw(run, true)).not.toEqual(first);
      expect(await draw(twin, true)).toEqual(first);
      expect(await draw(run, false)).toEqual([3, 3]);
      run.inference = 'sample';
      expect(await draw(run, false)).not.toEqual([3, 3]);
      tf.dispose(x);
      run.dispose();
      twin.dispose();
    });

    itInNode('draws the same in training, whatever was predicted and evaluated in between', async () => {
      /** The weights after two fits of a step. */
      const train = async (between: (model: LayersModel, x: tf.Tensor, y: tf.Tensor) => void): Promise<number[]> => {
        const kernelInitializer = initializers.glorotUniform({seed: 1});
        const args = {units: 2, seed: 3, prior: 'scaleMixture', inference: 'sample', kernelInitializer} as const;
        const model = sequential({
          layers: [
            stl.denseFlipout({...args, inputShape: [3]}),
            stl.denseVariationalDropout({...args, prior: 'logUniform'}),
          ],
        });
        const [x, y] = [tf.ones([4, 3]), tf.ones([4, 2])];
        const optimizer = tf.train.sgd(0.1);
        model.compile({optimizer, ...stl.withCosts('meanSquaredError', model)});
        await model.fit(x, y, {epochs: 1, verbose: 0});
        between(model, x, y);
        await model.fit(x, y, {epochs: 1, verbose: 0});
        const weights = model.layers.flatMap(layer => layer.trainableWeights.map(w => w.read()));
        const all = (await Promise.all(weights.map(w => w.data()))).flatMap(w => [...w]);
        tf.dispose([x, y]);
        model.dispose();
        optimizer.dispose();
        return all;
      };
      const alone = await train(() => undefined);
      const disturbed = await train((model, x, y) => {
        tf.dispose([model.predict(x), model.predict(x), model.evaluate(x, y)] as tf.Tensor[]);
      });
      expect(disturbed).toEqual(alone);
    });

    itInNode('starts recurrent layers from the states that it is given', async () => {
      const lstm = (): layers.Layer =>
        layers.lstm({
          units: 2,
          kernelInitializer: initializers.glorotUniform({seed: 1}),
          recurrentInitializer: initializers.glorotUniform({seed: 2}),
        });
      const both = (): layers.Layer =>
        layers.bidirectional({
          layer: layers.simpleRNN({units: 2, recurrentInitializer: 'ones', kernelInitializer: 'ones'}),
          mergeMode: 'concat',
        });
      const [x, h, c] = [tf.ones([3, 4, 2]), tf.fill([3, 2], 0.5), tf.fill([3, 2], -2)];
      const values = async (y: unknown): Promise<number[]> => Array.from(await (y as tf.Tensor).data());
      for (const make of [lstm, both]) {
        const [plain, layer] = [make(), stl.variational(make(), {name: 'a', seed: 1})];
        const states = {initialState: [h, c]};
        const expected = await values(plain.apply(x, {...states}));
        expect(await values(layer.apply(x, states))).toEqual(expected);
        expect(await values(layer.apply([x, h, c]))).toEqual(expected);
        expect(await values(layer.apply(x))).not.toEqual(expected);
        const drawn = await values(layer.apply(x, {...states, training: true}));
        expect(drawn).not.toEqual(expected);
        drawn.forEach((y, i) => expect(Math.abs(y - expected[i]!)).toBeLessThan(0.2));
        layer.inference = 3;
        (await values(layer.apply(x, states))).forEach((y, i) => expect(Math.abs(y - expected[i]!)).toBeLessThan(0.2));
        expect(() => layer.apply(x, {initialState: [h]})).toThrowError('stl layer "a": needs 2 initial states, got 1');
        plain.dispose();
        layer.dispose();
      }
      const inputs = [input({shape: [4, 2]}), input({shape: [2]}), input({shape: [2]})];
      const out = stl.variational(lstm(), {klWeight: 0.1}).apply(inputs[0]!, {initialState: inputs.slice(1)});
      const functional = model({inputs, outputs: out as SymbolicTensor});
      const optimizer = tf.train.sgd(0.1);
      functional.compile({optimizer, loss: 'meanSquaredError'});
      await functional.fit([x, h, c], h, {epochs: 1, verbose: 0});
      const again = await roundTrip(functional);
      expect(await values(again.predict([x, h, c]))).toEqual(await values(functional.predict([x, h, c])));
      expect(await values(again.predict([x, h, c]))).not.toEqual(await values(again.predict([x, h, h])));
      const dense = stl.denseFlipout({units: 2, name: 'a'});
      expect(() => dense.apply(h, {initialState: [h]})).toThrowError(
        /^stl layer "a": initialState is of recurrent layers/,
      );
      tf.dispose([x, h, c]);
      optimizer.dispose();
    });

    itInNode('says in its own name what the layer inside does not take', () => {
      const x = tf.zeros([1, 2]);
      const ofDense: Array<[(dense: stl.VariationalLayer) => unknown, RegExp]> = [
        [dense => dense.apply(3 as unknown as tf.Tensor), /inputs must be tensors/],
        [dense => dense.apply([]), /needs at least one input/],
        [dense => dense.apply([x, x]), /needs 1 input, got 2/],
        [dense => dense.apply(tf.zeros([2])), /expected min_ndim=2, found ndim=1/],
        [dense => dense.computeOutputShape(3 as never), /an input shape must be a list/],
        [dense => dense.computeOutputShape([]), /an input shape must be a list/],
        [dense => dense.build('x' as never), /an input shape must be a list/],
        [dense => [1, 2].forEach(() => dense.build([null, 2])), /is built already/],
      ];
      const wrongWeights = (): stl.VariationalLayer => stl.denseFlipout({units: 2, name: 'a', weights: [x]});
      const ofConv: typeof ofDense = [
        [conv => conv.apply(x), /expected ndim=4, found ndim=2/],
        [conv => conv.build([null, 4, 4, null]), /channel dimension/],
      ];
      const judge = (make: () => stl.VariationalLayer, cases: typeof ofDense): void => {
        for (const [fn, message] of cases)
          expect(() => fn(make()))
            .withContext(String(message))
            .toThrowError(st.errors.StochasticError, new RegExp(`^stl layer "a": .*${message.source}`));
      };
      tf.tidy(() => {
        judge(() => stl.denseFlipout({units: 2, name: 'a'}), ofDense);
        judge(wrongWeights, [[dense => dense.build([null, 2]), /weight list of length 1/]]);
        judge(() => stl.conv2dFlipout({filters: 2, kernelSize: 3, name: 'a'}), ofConv);
      });
      x.dispose();
    });

    itInNode('says one clear sentence for what it cannot take', () => {
      const dense = (args: object) => () => stl.denseFlipout({units: 2, inputShape: [3], ...args});
      expect(dense({posterior: 'cauchy'})).toThrowError(/posterior: name must be/);
      expect(dense({prior: {name: 'scaleMixture', config: {scales: [1]}}})).toThrowError(/scales must be two numbers/);
      expect(dense({prior: new st.Bernoulli({probs: 0.5})})).toThrowError(/continuous distribution of numbers/);
      expect(dense({klWeight: -1})).toThrowError(/klWeight/);
      expect(dense({kernelInitialiser: 'zeros'})).toThrowError(/kernelInitialiser/);
      expect(() => stl.denseFlipout({} as never)).toThrowError(/^stl.denseFlipout: .*units .*got undefined/);
      expect(() => stl.conv2dFlipout({filters: 2} as never)).toThrowError(/^stl.conv2dFlipout: .*kernelSize/);
      const strange = {units: 1, activation: 'reluu' as 'relu'};
      expect(() => stl.denseFlipout({...strange, name: 'a'})).toThrowError('stl layer "a": Unknown activation: reluu.');
      expect(() => stl.denseReparameterization(strange)).toThrowError(/^stl.dense\w+: Unknown activation: reluu\.$/);
      const wrong = stl.denseFlipout({units: 2, inputShape: [3], prior: new st.Normal({loc: [0, 1, 2], scale: 1})});
      expect(() => sequential({layers: [wrong]})).toThrowError(/prior: must broadcast to the weights of shape \[3,2\]/);
      expect(() => stl.variational(sequential({layers: [layers.dense({units: 1, inputShape: [1]})]}))).toThrowError(
        /one layer/,
      );
    });

    itInNode('goes on with the counters of models that were saved when it had two', async () => {
      const load = async (state: unknown): Promise<number> => {
        const config = {...stl.denseFlipout({units: 2, seed: 1}).getConfig(), state} as tf.serialization.ConfigDict;
        const layer = stl.VariationalLayer.fromConfig(stl.VariationalLayer, config) as stl.VariationalLayer; // its class
        layer.inference = 'sample';
        const x = tf.ones([1, 2]);
        for (const training of [true, false, false]) tf.dispose(layer.apply(x, {training}) as tf.Tensor);
        const counters = layer.getWeights().slice(3);
        const counted = counters.length === 0 ? [] : Array.from(await counters[0]!.data());
        expect(counted).toEqual([1, 0, 2].slice(0, counted.length));
        x.dispose();
        layer.dispose();
        return counted.length;
      };
      expect([await load(3), await load(true), await load(false)]).toEqual([3, 2, 0]);
      await expectAsync(load(2)).toBeRejectedWithError(/^stl\.variational: state in the saved configuration/);
    });

    itInNode('refuses JSON that is none of its own', () => {
      const cases: unknown[] = [
        ...[null, 3, [], 'Dense', {}, {className: '__proto__', config: {}}, {className: 'Zeros', config: {}}],
        ...[{className: 'Dense'}, {className: 'Dense', config: {units: -1}}, {className: 'Nothing', config: {}}],
        {className: 'Variational', config: {layer: {className: 'Dense', config: {units: 1}}}},
      ];
      for (const layer of cases)
        expect(() => stl.VariationalLayer.fromConfig(stl.VariationalLayer, {layer} as never))
          .withContext(JSON.stringify(layer))
          .toThrowError(/^stl\.variational: /);
      const written = (change: (config: {units: unknown; activation: unknown}) => void) => () => {
        const config = stl.denseFlipout({units: 2, name: 'a'}).getConfig();
        change((config['layer'] as unknown as {config: {units: unknown; activation: unknown}}).config); // as written
        return stl.VariationalLayer.fromConfig(stl.VariationalLayer, config);
      };
      const deep = (n: number): unknown => Array.from({length: n}).reduce<unknown>(inner => [inner], 1);
      expect(written(c => void (c.activation = 'relu'))).toThrowError(
        /^stl layer "a": method "flipout" needs a layer without an activation, which would stand inside the noise/,
      );
      for (const units of [new Array(2 ** 27), Array.from({length: 10 ** 6 + 1}, () => 1), deep(2000)])
        expect(written(c => void (c.units = units))).toThrowError(
          /^stl\.variational: the saved layer must have at most/,
        );
      expect(written(c => void (c.units = 'x'.repeat(10 ** 6)))).toThrowError(/^stl\.variational: .{100,600}$/);
    });
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);
