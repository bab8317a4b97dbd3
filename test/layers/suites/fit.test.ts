import * as tf from '@tensorflow/tfjs-core';
import {
  CustomCallback,
  initializers,
  input,
  layers,
  metrics,
  model as functional,
  sequential,
  type Sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, inBrief, itInNode, sizeFor} from '../../helpers/backends.js';
import {bitLoss, bitModel, seeded, targets} from '../models.js';

const full = process.env.FULL === '1';
const BATCH = 16;

/** Four patterns of six bits, to be told apart by a code of three random units. */
function patterns(): tf.Tensor {
  return tf.tidy(() => {
    const four = tf.tensor2d([
      [1, 1, 0, 0, 1, 0],
      [0, 0, 1, 1, 0, 1],
      [1, 0, 1, 0, 0, 0],
      [0, 1, 0, 1, 1, 1],
    ]);
    return tf.tile(four, [BATCH / 4, 1]);
  });
}

/** Binary cross-entropy whose targets gain the sample axes of the predictions: tfjs's own wants equal shapes. */
const crossentropy = (y: tf.Tensor, p: tf.Tensor): tf.Tensor =>
  metrics.binaryCrossentropy(tf.broadcastTo(y, p.shape), p);

const average = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

describeBackends(
  'model.fit with random layers',
  backend => {
    const slow = backend === 'webgl' || backend === 'webgpu';
    const epochs = slow ? 6 : 50;
    let x: tf.Tensor;
    beforeAll(() => {
      x = patterns();
    });
    afterAll(() => x.dispose());
    beforeEach(() => st.random.setSeed(12));

    function autoencoder(code: stl.StochasticLayer, width: number): Sequential {
      const uniform = (shape: [number, number], seed: number): tf.Tensor =>
        tf.tidy(() => tf.sub(tf.mul(st.random.uniform(shape, {key: st.random.key(seed)}), 2), 1));
      const encoder = uniform([6, width], 1);
      const codeWidth = code.computeOutputShape([null, width])[1]!;
      const decoder = uniform([codeWidth, 6], 2);
      const model = sequential({
        layers: [
          layers.dense({units: width, inputShape: [6], useBias: false, weights: [encoder]}),
          code,
          layers.dense({units: 6, activation: 'sigmoid', useBias: false, weights: [decoder]}),
        ],
      });
      tf.dispose([encoder, decoder]);
      return model;
    }

    /** Biased ones, with a configuration as it is saved. */
    const biased = Object.entries({
      gumbelSoftmax: {temperature: 0.7},
      straightThroughGumbelSoftmax: {temperature: 0.8},
      straightThrough: {through: 'mean'},
      reinMax: {temperature: 1.2},
      gumbelRao: {temperature: 0.6, samples: 4},
    }).flatMap(([name, config]): Array<[string, () => stl.StochasticLayer, number]> => [
      [`${name} on bernoulli`, () => stl.bernoulli({estimator: {name, config}, seed: 1}), 6],
      [`${name} on oneHotCategorical`, () => stl.oneHotCategorical({estimator: {name, config}, seed: 1}), 6],
    ]);
    const cases: Array<[string, () => stl.StochasticLayer, number]> = [
      ...['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax'].flatMap(
        (estimator): Array<[string, () => stl.StochasticLayer, number]> => [
          [`${estimator} on bernoulli`, () => stl.bernoulli({estimator, seed: 1}), 6],
          [`${estimator} on oneHotCategorical`, () => stl.oneHotCategorical({estimator, seed: 1}), 6],
        ],
      ),
      ...['pathwise', 'lax'].map((estimator): [string, () => stl.StochasticLayer, number] => [
        `${estimator} on normal`,
        () => stl.normal({estimator, seed: 1}),
        8,
      ]),
      ['the default estimator', () => stl.normal({seed: 1}), 8],
      [
        'relax with the relaxed cost',
        () => stl.bernoulli({estimator: {name: 'relax', config: {relaxedCost: true}}, seed: 1}),
        6,
      ],
      ...biased,
    ];
    /** The layers and their estimators are the same code on every backend: all of them on cpu, and two everywhere. */
    const everywhere = ['relax on oneHotCategorical', 'gumbelRao on bernoulli'];
    const isChosen = (name: string): boolean => backend === 'cpu' || (full && !slow) || everywhere.includes(name);
    for (const [title, make, width] of cases.filter(([name]) => isChosen(name))) {
      it(`trains an autoencoder: ${title}`, async () => {
        const model = autoencoder(make(), width);
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.1), {controlVariateOptimizer: tf.train.adam(0.02)});
        model.compile({optimizer, loss: crossentropy});
        const {history} = await model.fit(x, x, {
          epochs,
          batchSize: BATCH,
          shuffle: false,
          verbose: 0,
          yieldEvery: 'never',
        });
        const losses = history['loss'] as number[];
        expect(losses.length).toBe(epochs);
        const [start, end] = [average(losses.slice(0, 3)), average(losses.slice(-5))];
        expect(end)
          .withContext(`from ${start}`)
          .toBeLessThan(start - (slow ? 0.03 : 0.2));
        model.dispose();
        optimizer.dispose();
      });
    }

    it('reports the true loss: that of the same draw by hand', async () => {
      const eye = tf.tidy(() => tf.eye(BATCH));
      const y = targets(BATCH, 0.3);
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      /** What the loss was given, the draw first: relax asks for it at relaxed draws as well. */
      const given: tf.Tensor[] = [];
      const loss = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => {
        given.push(tf.keep(tf.clone(p)));
        return bitLoss(y, p);
      };
      for (const estimator of ['relax', 'scoreFunction']) {
        const model = bitModel(BATCH, {estimator, seed: 3});
        model.compile({optimizer, loss});
        for (let i = 0; i < 3; i++) {
          const reported = (await model.trainOnBatch(eye, y)) as number;
          const bits = [...(await given[0]!.data())];
          expect(bits.every(bit => bit === 0 || bit === 1)).toBe(true);
          const sums = Array.from(
            {length: BATCH},
            (_, e) => bits[3 * e]! - 2 * bits[3 * e + 1]! + 1.5 * bits[3 * e + 2]!,
          );
          expect(reported)
            .withContext(estimator)
            .toBeCloseTo(average(sums.map(sum => (sum - 0.3) ** 2)), 5);
          tf.dispose(given.splice(0));
        }
        model.dispose();
      }
      tf.dispose([eye, y]);
      optimizer.dispose();
    });

    if (!inBrief)
      it('works with metrics, validation data, callbacks and shuffling', async () => {
        const model = autoencoder(stl.bernoulli({estimator: 'nvil', seed: 1}), 6);
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.05));
        model.compile({optimizer, loss: 'binaryCrossentropy', metrics: ['mse', 'accuracy']});
        const epochsSeen: number[] = [];
        let batches = 0;
        const callback = new CustomCallback({
          onEpochEnd: epoch => {
            epochsSeen.push(epoch);
          },
          onBatchEnd: () => {
            batches++;
          },
        });
        const {history} = await model.fit(x, x, {
          epochs: 3,
          batchSize: 5,
          shuffle: true,
          validationData: [x, x],
          callbacks: [callback],
          verbose: 0,
        });
        expect(epochsSeen).toEqual([0, 1, 2]);
        expect(batches).toBe(3 * Math.ceil(BATCH / 5));
        for (const key of ['loss', 'mse', 'acc', 'val_loss', 'val_mse', 'val_acc']) {
          expect(history[key]?.length).withContext(key).toBe(3);
          expect((history[key] as number[]).every(Number.isFinite))
            .withContext(key)
            .toBeTrue();
        }
        const [loss, mse] = model.evaluate(x, x) as tf.Scalar[];
        const predicted = model.predict(x) as tf.Tensor;
        const expected = tf.tidy(() => tf.mean(tf.square(tf.sub(predicted, x))));
        expect((await mse!.data())[0]).toBeCloseTo((await expected.data())[0]!, 5);
        expect((await loss!.data())[0]).toBeGreaterThan(0);
        tf.dispose([loss!, mse!, predicted, expected]);
        model.dispose();
        optimizer.dispose();
      });

    if (!inBrief)
      it('works beside dropout and batch normalisation', async () => {
        const model = sequential({
          layers: [
            layers.dense({units: 8, inputShape: [6], ...seeded(11)}),
            layers.batchNormalization(),
            layers.dropout({rate: 0.2, seed: 5}),
            stl.bernoulli({estimator: 'leaveOneOut', seed: 2}),
            layers.dense({units: 8, activation: 'tanh', ...seeded(12)}),
            layers.dropout({rate: 0.2, seed: 5}),
            layers.dense({units: 6, activation: 'sigmoid', ...seeded(13)}),
          ],
        });
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.05));
        model.compile({optimizer, loss: crossentropy});
        const {history} = await model.fit(x, x, {
          epochs: sizeFor({cpu: 40, wasm: 40, webgl: 12, webgpu: 12}),
          batchSize: BATCH,
          shuffle: false,
          verbose: 0,
          yieldEvery: 'never',
        });
        const losses = history['loss'] as number[];
        expect(average(losses.slice(-5))).toBeLessThan(average(losses.slice(0, 5)));
        model.dispose();
        optimizer.dispose();
      });

    // tfjs's wasm backend cannot differentiate convolutions
    if (backend !== 'wasm')
      it('works in convolutional models, on images and with a loss of shape [batch, h, w]', async () => {
        const model = sequential({
          layers: [
            layers.conv2d({filters: 3, kernelSize: 3, padding: 'same', inputShape: [4, 4, 1], ...seeded(14)}),
            stl.bernoulli({estimator: 'nvil', seed: 1}),
            layers.conv2d({filters: 1, kernelSize: 3, padding: 'same', activation: 'sigmoid', ...seeded(15)}),
          ],
        });
        const warn = spyOn(console, 'warn');
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.05));
        model.compile({optimizer, loss: 'binaryCrossentropy'});
        const images = tf.tidy(() =>
          tf.cast(tf.less(st.random.uniform([4, 4, 4, 1], {key: st.random.key(1)}), 0.5), 'float32'),
        );
        const {history} = await model.fit(images, images, {
          epochs: sizeFor({cpu: 40, wasm: 40, webgl: 10, webgpu: 10}),
          shuffle: false,
          verbose: 0,
          yieldEvery: 'never',
        });
        const losses = history['loss'] as number[];
        expect(average(losses.slice(-5))).toBeLessThan(average(losses.slice(0, 5)));
        expect(warn).not.toHaveBeenCalled();
        images.dispose();
        model.dispose();
        optimizer.dispose();
      });

    it('works in recurrent models, with a sequence for output', async () => {
      const model = sequential({
        layers: [
          layers.simpleRNN({
            units: 4,
            returnSequences: true,
            inputShape: [3, 2],
            ...seeded(30),
            recurrentInitializer: initializers.glorotUniform({seed: 31}),
          }),
          stl.bernoulli({estimator: 'movingAverage', seed: 1}),
          layers.timeDistributed({layer: layers.dense({units: 2, activation: 'sigmoid', ...seeded(16)})}),
        ],
      });
      const warn = spyOn(console, 'warn');
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.2));
      model.compile({optimizer, loss: 'meanSquaredError'});
      // many copies of eight sequences: with few, the noise of the draws is as large as what ten epochs gain, here it
      // is a fifth of that
      const sequences = tf.tidy(() =>
        tf.tile(tf.round(st.random.uniform([8, 3, 2], {key: st.random.key(4)})), [16, 1, 1]),
      );
      const {history} = await model.fit(sequences, sequences, {
        epochs: 10,
        batchSize: 128,
        shuffle: false,
        verbose: 0,
        yieldEvery: 'never',
      });
      const losses = history['loss'] as number[];
      expect(average(losses.slice(-5))).toBeLessThan(average(losses.slice(0, 5)) - 0.01);
      expect(warn).not.toHaveBeenCalled();
      sequences.dispose();
      model.dispose();
      optimizer.dispose();
    });

    itInNode('works with two outputs, each with its own loss, and without warning', async () => {
      const warn = spyOn(console, 'warn');
      const here = input({shape: [6]});
      const code = stl
        .bernoulli({estimator: 'leaveOneOut', seed: 3})
        .apply(layers.dense({units: 5, ...seeded(17)}).apply(here)) as SymbolicTensor;
      const image = layers.dense({units: 6, activation: 'sigmoid', ...seeded(18)}).apply(code) as SymbolicTensor;
      const parity = layers.dense({units: 2, activation: 'softmax', ...seeded(19)}).apply(code) as SymbolicTensor;
      const model = functional({inputs: here, outputs: [image, parity]});
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.05));
      model.compile({optimizer, loss: [crossentropy, metrics.categoricalCrossentropy], metrics: ['mse']});
      const y = tf.tidy(() =>
        tf.tile(
          tf.tensor2d([
            [1, 0],
            [0, 1],
          ]),
          [BATCH / 2, 1],
        ),
      );
      const {history} = await model.fit(x, [x, y], {
        epochs: sizeFor({cpu: 40, wasm: 40, webgl: 10, webgpu: 10}),
        shuffle: false,
        verbose: 0,
        yieldEvery: 'never',
      });
      const losses = history['loss'] as number[];
      expect(average(losses.slice(-5))).toBeLessThan(average(losses.slice(0, 5)));
      expect(warn).not.toHaveBeenCalled();
      y.dispose();
      model.dispose();
      optimizer.dispose();
    });

    it('works on a loss of one’s own that tidies up, at worst with a warning', async () => {
      spyOn(console, 'warn');
      const model = autoencoder(stl.bernoulli({seed: 1}), 6);
      const optimizer = st.stochasticOptimizer(tf.train.adam(0.05));
      model.compile({optimizer, loss: (y, p) => tf.tidy(() => tf.mean(metrics.meanSquaredError(y, p)))});
      expect(Number.isFinite((await model.trainOnBatch(x, x)) as number)).toBeTrue();
      model.dispose();
      optimizer.dispose();
    });

    it('keeps tensors constant over many steps, predictions and evaluations', async () => {
      const steps = sizeFor({cpu: 80, wasm: 80, webgl: 40, webgpu: 40});
      const counts = [
        ['relax', steps / 10],
        ['scoreFunction', steps],
        ['nvil', steps / 5],
        ['leaveOneOut', steps / 10],
      ] as const;
      for (const [estimator, count] of counts.slice(0, inBrief ? 1 : undefined)) {
        const model = autoencoder(stl.bernoulli({estimator, prior: {name: 'Bernoulli', config: {probs: 0.5}}}), 4);
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.01));
        model.compile({optimizer, loss: crossentropy});
        const visit = (): void => tf.dispose([model.predict(x), model.evaluate(x, x)]);
        const train = async (epochs: number): Promise<void> => {
          await model.fit(x, x, {epochs, batchSize: BATCH, verbose: 0, yieldEvery: 'never'});
        };
        await train(1);
        await model.trainOnBatch(x, x);
        visit();
        const before = tf.memory();
        await train(count / 2);
        for (let i = 0; i < count / 2; i++) await model.trainOnBatch(x, x);
        for (let i = 0; i < 5; i++) visit();
        expect(tf.memory().numTensors).withContext(estimator).toBe(before.numTensors);
        expect(tf.memory().numDataBuffers).withContext(estimator).toBe(before.numDataBuffers);
        model.dispose();
        optimizer.dispose();
      }
    });

    if (!inBrief)
      it('frees everything with the model and the optimizer', async () => {
        const before = tf.memory().numTensors;
        const variables = Object.keys(tf.engine().registeredVariables).length;
        for (const estimator of ['relax', 'nvil', 'movingAverage', {name: 'relax', config: {units: [2]}}]) {
          const model = autoencoder(stl.bernoulli({estimator}), 4);
          const optimizer = st.stochasticOptimizer(tf.train.adam(0.01));
          model.compile({optimizer, loss: crossentropy});
          await model.trainOnBatch(x, x);
          await model.trainOnBatch(x, x);
          model.dispose();
          optimizer.dispose();
        }
        expect(tf.memory().numTensors).toBe(before);
        expect(Object.keys(tf.engine().registeredVariables).length).toBe(variables);
      });

    if (!inBrief)
      it('keeps the estimators of two models apart', async () => {
        const run = async (between: () => Promise<void>): Promise<number[]> => {
          const model = autoencoder(stl.bernoulli({estimator: 'movingAverage', seed: 5}), 4);
          const optimizer = st.stochasticOptimizer(tf.train.adam(0.05));
          model.compile({optimizer, loss: crossentropy});
          const losses: number[] = [];
          for (let i = 0; i < 6; i++) {
            losses.push((await model.trainOnBatch(x, x)) as number);
            await between();
          }
          model.dispose();
          optimizer.dispose();
          return losses;
        };
        const other = autoencoder(stl.bernoulli({estimator: 'movingAverage', seed: 6}), 4);
        const second = st.stochasticOptimizer(tf.train.adam(0.5));
        other.compile({optimizer: second, loss: 'meanSquaredError'});
        const alone = await run(() => Promise.resolve());
        const beside = await run(async () => {
          await other.trainOnBatch(x, x);
        });
        expect(beside).toEqual(alone);
        other.dispose();
        second.dispose();
      });
  },
  {inBrief: ['webgpu']},
);
