import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  regularizers,
  RNN,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {EXACT, onInput, onRows, STANDARD, zeroLoss} from './shared.js';

const prior = STANDARD;
const l2 = (): {kernelRegularizer: ReturnType<typeof regularizers.l2>} => ({
  kernelRegularizer: regularizers.l2({l2: 0.1}),
});

/** Adds the mean of its squared input. */
class Squares extends layers.Layer {
  static className = 'SquaresOfTest';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = [inputs].flat()[0]!;
    st.extension.addCost(
      this,
      tf.tidy(() => tf.mean(tf.square(x), -1)),
    );
    return tf.clone(x);
  }
}

/** A cell that holds a layer with a prior, which tfjs-layers does not ask for its losses. */
class Cell extends layers.Layer {
  static className = 'EvaluatedCellOfTest';
  readonly stateSize = 2;
  readonly z = stl.normal({prior, seed: 1});
  override build(): void {
    this.z.build([null, 4]);
    this.built = true;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: {training?: boolean}): tf.Tensor[] {
    const [x, state] = inputs as [tf.Tensor, tf.Tensor]; // of a cell
    const value = tf.mul(this.z.apply(x, kwargs) as tf.Tensor, tf.add(tf.mul(state, 0), 1));
    return [value, value];
  }
}

/** Models whose costs are the same in training and out of it, of an input [batch, 4]. */
const cases: Record<string, () => LayersModel> = {
  'a divergence from a prior': () => onInput(stl.normal({prior, klWeight: 0.7})),
  'one with free bits': () => onInput(stl.normal({prior, freeBits: 0.3})),
  'that of random weights': () => onInput(stl.denseFlipout({units: 2, klWeight: 0.1})),
  'that of learnt rates': () => onInput(stl.learnedGaussianDropout({klWeight: 0.1})),
  'a cost of a user’s layer': () => onInput(new Squares({})),
  'a regulariser beside a random layer': () =>
    sequential({layers: [layers.dense({units: 2, inputShape: [4], ...l2()}), stl.bernoulli()]}),
  'all of them in models in models': () =>
    sequential({
      layers: [
        layers.dense({units: 4, inputShape: [4], ...l2()}),
        sequential({layers: [stl.normal({prior, inputShape: [4]}), stl.denseReparameterization({units: 2})]}),
      ],
    }),
  'a divergence in timeDistributed': () =>
    sequential({
      layers: [
        layers.dense({units: 4, inputShape: [4]}),
        layers.reshape({targetShape: [1, 4]}),
        layers.timeDistributed({layer: stl.normal({prior})}),
        layers.flatten(),
      ],
    }),
  'one in a recurrent cell': () =>
    sequential({
      layers: [
        layers.dense({units: 4, inputShape: [4]}),
        layers.reshape({targetShape: [1, 4]}),
        new RNN({cell: new Cell({}) as never}),
      ], // it has no more than it needs
    }),
};

const numbers = async (given: tf.Scalar | tf.Scalar[]): Promise<number[]> => {
  const list = [given].flat();
  const values = await Promise.all(list.map(async t => (await t.data())[0]!));
  tf.dispose(list);
  return values;
};

describeBackends(
  'the loss outside of training',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    onRows((rows, targets) => ([x, y] = [rows, targets]));

    for (const [name, make] of Object.entries(cases)) {
      it(`is what it is in training: ${name}`, async () => {
        const model = make();
        const target = tf.zeros([2, model.outputs[0]!.shape[1]!]);
        const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
        model.compile({optimizer, loss: zeroLoss});
        const evaluated = await numbers(model.evaluate(x, target)); // before any step
        const before = tf.memory().numTensors;
        const trained = (await model.trainOnBatch(x, target)) as number;
        expect(trained).toBeGreaterThan(0.01);
        expect(evaluated.length).toBe(1);
        expect(evaluated[0]).toBeCloseTo(trained, 4);
        const args = {epochs: 1, verbose: 0} as const;
        spyOn(console, 'warn');
        const {history} = await model.fit(x, target, {...args, validationData: [x, target]});
        expect(history['val_loss']![0] as number).toBeCloseTo(trained, 4);
        // with its parts it is the same
        model.compile({optimizer, ...stl.withCosts(zeroLoss, model)});
        expect((await numbers(model.evaluate(x, target)))[0]).toBeCloseTo(trained, 4);
        expect(tf.memory().numTensors).toBeLessThan(before + 3); // counters of the optimizer
        tf.dispose(target);
        model.dispose();
        optimizer.dispose();
      });
    }

    it('is so of data sets', async () => {
      const model = onInput(stl.normal({prior}));
      model.compile({optimizer: 'sgd', loss: zeroLoss});
      const batches = [0, 1].map(() => ({value: {xs: tf.clone(x), ys: tf.clone(y)}, done: false}));
      const dataset = {
        iterator: () => Promise.resolve({next: () => Promise.resolve(batches.shift() ?? {value: null, done: true})}),
      };
      const given = await model.evaluateDataset(
        dataset as unknown as Parameters<LayersModel['evaluateDataset']>[0],
        {},
      );
      expect((await numbers(given))[0]).toBeCloseTo(EXACT, 4);
      model.dispose();
    });

    it('is the sum of all of them with several outputs, and each value has its name', async () => {
      const image = input({shape: [4]});
      const z = stl.normal({prior, klWeight: 0.5}).apply(image) as SymbolicTensor;
      const head = (name: string): SymbolicTensor =>
        layers.dense({units: 1, kernelInitializer: 'ones', name}).apply(z) as SymbolicTensor;
      const model = modelOf({inputs: image, outputs: [head('a'), head('b')]});
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const loss = [1, 3].map(v => (_: tf.Tensor, p: tf.Tensor) => tf.add(tf.mul(tf.mean(p, -1), 0), v));
      model.compile({optimizer, loss, metrics: [stl.klMetric(model)]});
      const target = tf.zeros([2, 1]);
      const names = model.metricsNames;
      expect(names.slice(0, 3)).toEqual(['loss', 'a_loss', 'b_loss']);
      const expected = [4 + EXACT / 2, 1, 3, EXACT, EXACT];
      const evaluated = await numbers(model.evaluate(x, [target, target]));
      const trained = (await model.trainOnBatch(x, [target, target])) as number[];
      expect(names.length).toBe(expected.length);
      for (const values of [evaluated, trained]) {
        expect(values.length).toBe(names.length);
        values.forEach((v, i) => expect(v).withContext(names[i]!).toBeCloseTo(expected[i]!, 4));
      }
      const args = {epochs: 1, verbose: 0, validationData: [x, [target, target]] as never}; // as fit takes them
      const {history} = await model.fit(x, [target, target], args);
      names.forEach((n, i) =>
        expect(history[`val_${n}`]![0] as number)
          .withContext(n)
          .toBeCloseTo(expected[i]!, 4),
      );
      tf.dispose(target);
      model.dispose();
      optimizer.dispose();
    });

    it('has nothing of passes that failed or that nobody asked for, and leaves no tensor behind', async () => {
      const model = onInput(stl.normal({prior}));
      let isBad = true;
      const loss = (t: tf.Tensor, p: tf.Tensor): tf.Tensor => {
        if (isBad) throw new Error('not now');
        return zeroLoss(t, p);
      };
      model.compile({optimizer: 'sgd', loss});
      const before = tf.memory().numTensors;
      const value = tf.tidy(() => {
        model.predict(x);
        expect(() => model.evaluate(x, y)).toThrowError('not now');
        model.predict(x);
        isBad = false;
        return model.evaluate(x, y) as tf.Scalar;
      });
      expect((await numbers(value))[0]).toBeCloseTo(EXACT, 4);
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    });

    it('is said to lack a divergence that nobody can weigh yet', async () => {
      const said = spyOn(console, 'warn');
      const model = onInput(stl.denseFlipout({units: 2, klWeight: 'perExample', name: 'w'}));
      model.compile({optimizer: 'sgd', loss: zeroLoss});
      for (let i = 0; i < 2; i++) expect(await numbers(model.evaluate(x, y))).toEqual([0]);
      expect(said).toHaveBeenCalledOnceWith(
        'tfjs-stochastic: the loss of evaluate leaves out the divergence of layer "w": klWeight \'perExample\' divides it ' +
          'by the number of examples that fit is given, and there was no fit',
      );
      await model.fit(x, y, {epochs: 1, verbose: 0});
      expect((await numbers(model.evaluate(x, y)))[0]).toBeGreaterThan(1);
      model.dispose();
    });

    it('is that of tfjs-layers in models without random layers and costs', async () => {
      const model = sequential({layers: [layers.dense({units: 2, inputShape: [4], ...l2()})]});
      model.compile({optimizer: 'sgd', loss: zeroLoss});
      expect(await numbers(model.evaluate(x, y))).toEqual([0]);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
