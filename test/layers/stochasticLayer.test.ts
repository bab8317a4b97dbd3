import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as functional, sequential, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';
import {recorder} from './models.js';

const training = {training: true};
const data = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

/** What a layer gives out for `x`, as numbers. */
async function outputOf(
  layer: stl.StochasticLayer,
  x: tf.Tensor | tf.Tensor[],
  kwargs?: {training: boolean},
): Promise<{values: number[]; shape: number[]}> {
  const y = layer.apply(x, kwargs) as tf.Tensor; // tensors in, tensor out
  const values = await data(y);
  y.dispose();
  return {values, shape: y.shape};
}

let x: tf.Tensor;
let pairs: tf.Tensor;
const pairValues = [1, -1, 0.3, -0.5, 2, 0, 0.1, 1];
const logits = [-2, 0.5, 3, -0.1, 0.2, 0.4];
function setUp(): void {
  x = tf.tensor2d(logits, [2, 3]);
  pairs = tf.tensor2d(pairValues, [2, 4]);
}

describeBackends(
  'random layers',
  () => {
    beforeAll(setUp);
    afterAll(() => tf.dispose([x, pairs]));
    beforeEach(() => st.random.setSeed(1));

    it('give samples of the support in training', async () => {
      const bits = await outputOf(stl.bernoulli(), x, training);
      expect(bits.shape).toEqual([2, 3]);
      expect(bits.values.every(v => v === 0 || v === 1)).toBeTrue();
      const oneHot = await outputOf(stl.oneHotCategorical(), x, training);
      expect(oneHot.shape).toEqual([2, 3]);
      expect(oneHot.values.every(v => v === 0 || v === 1)).toBeTrue();
      for (const row of [0, 1]) expect(oneHot.values.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b)).toBe(1);
      const normal = await outputOf(stl.normal(), pairs, training);
      expect(normal.shape).toEqual([2, 2]);
      expect(normal.values.every(Number.isFinite)).toBeTrue();
      const positive = await outputOf(stl.stochastic({distribution: 'exponential'}), x, training);
      expect(positive.values.every(v => v > 0)).toBeTrue();
    });

    it('give the mean at inference, unless asked for the mode or a sample', async () => {
      const p = logits.map(v => 1 / (1 + Math.exp(-v)));
      (await outputOf(stl.bernoulli(), x)).values.forEach((v, i) => expect(v).toBeCloseTo(p[i]!, 5));
      expect((await outputOf(stl.bernoulli({inference: 'mode'}), x)).values).toEqual(logits.map(v => (v > 0 ? 1 : 0)));
      const sample = (await outputOf(stl.bernoulli({inference: 'sample'}), x)).values;
      expect(sample.every(v => v === 0 || v === 1)).toBeTrue();
      expect((await outputOf(stl.oneHotCategorical({inference: 'mode'}), x)).values).toEqual([0, 0, 1, 0, 0, 1]);
      expect((await outputOf(stl.normal(), pairs)).values).toEqual(
        [pairValues[0]!, pairValues[1]!, pairValues[4]!, pairValues[5]!].map(Math.fround),
      );
      expect((await outputOf(stl.normal(), pairs, {training: false})).shape).toEqual([2, 2]);
    });

    it('draw anew at every call, the same sequence for the same seed', async () => {
      const big = tf.zeros([1, 200]);
      const sequence = async (seed: number): Promise<string[]> => {
        const layer = stl.bernoulli({seed, inference: 'sample'});
        const outputs = [
          await outputOf(layer, big, training),
          await outputOf(layer, big, training),
          await outputOf(layer, big),
        ];
        return outputs.map(o => o.values.join(''));
      };
      const first = await sequence(3);
      expect(new Set(first).size).toBe(3);
      expect(await sequence(3)).toEqual(first);
      expect(await sequence(4)).not.toEqual(first);
      const zero = await sequence(0);
      expect(await sequence(0)).toEqual(zero);
      expect(new Set(zero).size).toBe(3);
      big.dispose();
    });

    it('without a seed follow the default stream', async () => {
      const big = tf.zeros([1, 100]);
      const layer = stl.bernoulli();
      const draw = async (): Promise<string> => (await outputOf(layer, big, training)).values.join('');
      st.random.setSeed(5);
      const [a, b] = [await draw(), await draw()];
      st.random.setSeed(5);
      expect([await draw(), await draw()]).toEqual([a, b]);
      expect(a).not.toBe(b);
      big.dispose();
    });

    it('read location and scale from one input or from two', async () => {
      const [loc, raw] = tf.tidy(() => tf.split(pairs, 2, -1));
      const one = (await outputOf(stl.normal({seed: 2}), pairs, training)).values;
      const two = (await outputOf(stl.normal({seed: 2}), [loc!, raw!], training)).values;
      expect(two).toEqual(one);
      // scale = softplus of the second half
      const many = tf.tidy(() => tf.tile(tf.tensor2d([[3, 2]]), [4000, 1]));
      const {values: draws} = await outputOf(stl.normal({seed: 7}), many, training);
      const mean = draws.reduce((a, b) => a + b) / draws.length;
      const sd = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length);
      const scale = Math.log1p(Math.exp(2));
      expect(Math.abs(mean - 3)).toBeLessThan((4.5 * scale) / Math.sqrt(4000));
      expect(Math.abs(sd / scale - 1)).toBeLessThan(4.5 / Math.sqrt(8000));
      tf.dispose([loc!, raw!, many]);
    });

    it('exist for every family, and for a function', async () => {
      const means: Record<string, number> = {};
      for (const distribution of [
        'bernoulli',
        'oneHotCategorical',
        'exponential',
        'normal',
        'laplace',
        'logistic',
        'gumbel',
      ]) {
        const located = ['normal', 'laplace', 'logistic', 'gumbel'].includes(distribution);
        const given = located ? pairs : x;
        const layer = stl.stochastic({distribution, inference: 'mean', seed: 1});
        const drawn = await outputOf(layer, given, training);
        expect(drawn.shape)
          .withContext(distribution)
          .toEqual(located ? [2, 2] : [2, 3]);
        expect(layer.computeOutputShape(given.shape)).withContext(distribution).toEqual(drawn.shape);
        means[distribution] = (await outputOf(layer, given)).values[0]!;
      }
      expect(means['laplace']).toBe(1);
      expect(means['gumbel']).toBeCloseTo(1 + 0.5772157 * Math.log1p(Math.exp(0.3)), 4);
      expect(means['exponential']).toBeCloseTo(1 / Math.log1p(Math.exp(-2)), 3);
      const own = stl.stochastic({distribution: ([a]) => new st.Uniform({low: a!, high: tf.add(a!, 2)})});
      (await outputOf(own, x, training)).values.forEach((v, i) => {
        expect(v).toBeGreaterThanOrEqual(logits[i]!);
        expect(v).toBeLessThanOrEqual(logits[i]! + 2);
      });
      (await outputOf(own, x)).values.forEach((v, i) => expect(v).toBeCloseTo(logits[i]! + 1, 5));
    });

    it('say the shape of their output', () => {
      expect(stl.bernoulli().computeOutputShape([null, 4])).toEqual([null, 4]);
      expect(stl.bernoulli().computeOutputShape([null, 7, 7, 3])).toEqual([null, 7, 7, 3]);
      expect(stl.normal().computeOutputShape([null, 8])).toEqual([null, 4]);
      expect(
        stl.normal().computeOutputShape([
          [null, 8],
          [null, 8],
        ]),
      ).toEqual([null, 8]);
      expect(() => stl.normal().computeOutputShape([null, 7])).toThrowError(
        /^stl layer ".*": normal needs .* multiple of 2 .*, got one of \[batch,7\]$/,
      );
      const model = sequential({
        layers: [layers.dense({units: 6, inputShape: [2]}), stl.normal(), layers.dense({units: 1})],
      });
      expect(model.outputs[0]!.shape).toEqual([null, 1]);
      model.dispose();
    });

    it('take a distribution registered by name', async () => {
      const name = `halves${tf.getBackend()}`;
      stl.registerDistribution(name, {
        make: ([rate]) => new st.Exponential({rate: tf.add(tf.exp(rate!), 1)}),
        outputShape: shapes => shapes[0]!,
      });
      const layer = stl.stochastic({distribution: name});
      expect((await outputOf(layer, x)).values[0]!).toBeCloseTo(1 / (1 + Math.exp(-2)), 4);
      expect(layer.getConfig()['distribution']).toEqual({name});
    });

    it('count everything behind the batch as one event, in images and sequences too', async () => {
      const image = tf.zeros([5, 4, 3, 2]);
      for (const layer of [stl.bernoulli({seed: 1}), stl.oneHotCategorical({seed: 1})]) {
        const {shape, values} = await outputOf(layer, image, training);
        expect(shape).toEqual([5, 4, 3, 2]);
        expect(values.every(v => v === 0 || v === 1)).toBeTrue();
      }
      image.dispose();
    });

    it('let masks pass', async () => {
      const bare = stl.bernoulli();
      expect(bare.supportsMasking).toBeTrue();
      const mask = tf.tensor1d([1, 0], 'bool');
      expect(bare.computeMask(x, mask) as tf.Tensor).toBe(mask);
      // A recurrent layer behind the random one skips the steps that are masked.
      const recurrent = (): ReturnType<typeof layers.simpleRNN> =>
        layers.simpleRNN({units: 2, kernelInitializer: 'ones', recurrentInitializer: 'ones'});
      const masked = sequential({
        layers: [layers.masking({maskValue: 0, inputShape: [3, 2]}), stl.bernoulli({inference: 'mode'}), recurrent()],
      });
      const shorter = sequential({
        layers: [layers.inputLayer({inputShape: [2, 2]}), stl.bernoulli({inference: 'mode'}), recurrent()],
      });
      const [three, two] = [
        tf.tensor3d([
          [
            [1, -1],
            [2, 3],
            [0, 0],
          ],
        ]),
        tf.tensor3d([
          [
            [1, -1],
            [2, 3],
          ],
        ]),
      ];
      const outputs = [masked.predict(three) as tf.Tensor, shorter.predict(two) as tf.Tensor];
      expect(await data(outputs[0]!)).toEqual(await data(outputs[1]!));
      tf.dispose([mask, three, two, ...outputs]);
      masked.dispose();
      shorter.dispose();
    });

    it('free what they make', () => {
      const layer = stl.normal({prior: new st.Normal({loc: 0, scale: 1}), inference: 'sample'});
      layer.apply(pairs);
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) {
        (layer.apply(pairs) as tf.Tensor).dispose();
        (layer.apply(pairs, training) as tf.Tensor).dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);

describeBackends(
  'the KL term of a layer',
  () => {
    const standard = (): st.Normal => new st.Normal({loc: 0, scale: 1});
    beforeAll(setUp);
    afterAll(() => tf.dispose([x, pairs]));
    beforeEach(() => st.random.setSeed(1));

    /** A model of one frozen random layer on its input, whose own loss is 0. */
    const zeroLoss = (_: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mul(tf.mean(p, -1), 0);
    const softplus = (r: number): number => Math.log1p(Math.exp(r));
    const klNormal = (m: number, s: number): number => (m * m + s * s - 1) / 2 - Math.log(s);
    /** The KL of the two rows of `pairs`, averaged. */
    const exactKl = (): number => {
      const v = pairValues;
      const row = (i: number): number =>
        klNormal(v[i]!, softplus(v[i + 2]!)) + klNormal(v[i + 1]!, softplus(v[i + 3]!));
      return (row(0) + row(4)) / 2;
    };
    const identity = (): ReturnType<typeof layers.dense> =>
      layers.dense({
        units: 4,
        inputShape: [4],
        useBias: false,
        weights: [tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [4, 4])],
      });

    it('is what the formula says, times its weight, and no more with more uses than one', async () => {
      for (const klWeight of [1, 0.25, 0]) {
        const {optimizer} = recorder();
        const model = sequential({layers: [identity(), stl.normal({prior: standard(), klWeight})]});
        model.compile({optimizer, loss: zeroLoss});
        const y = tf.zeros([2, 2]);
        for (let i = 0; i < 3; i++)
          expect((await model.trainOnBatch(pairs, y)) as number).toBeCloseTo(klWeight * exactKl(), 4);
        y.dispose();
        model.dispose();
        optimizer.dispose();
      }
    });

    it('takes another weight from step to step', async () => {
      const {optimizer} = recorder();
      const layer = stl.normal({prior: standard(), name: 'warmed'});
      const model = sequential({layers: [identity(), layer]});
      model.compile({optimizer, loss: zeroLoss});
      const y = tf.zeros([2, 2]);
      for (const klWeight of [0.5, 0, 2]) {
        layer.klWeight = klWeight;
        expect((await model.trainOnBatch(pairs, y)) as number).toBeCloseTo(klWeight * exactKl(), 4);
        expect(layer.getConfig()['klWeight']).toBe(klWeight);
      }
      expect(() => {
        layer.klWeight = NaN;
      }).toThrowError('stl layer "warmed": klWeight must be a finite number >= 0, got NaN');
      layer.inference = 'sample';
      expect(layer.getConfig()['inference']).toBe('sample');
      expect(() => {
        layer.inference = 'median' as 'mean';
      }).toThrowError(
        'stl layer "warmed": inference must be "mean", "mode", "sample" or a number of draws from 1 to 1000000, got "median"',
      );
      y.dispose();
      model.dispose();
      optimizer.dispose();
    });

    it('has the exact gradient, without noise', async () => {
      const {optimizer, read} = recorder();
      const model = sequential({
        layers: [identity(), stl.normal({prior: standard(), klWeight: 2, estimator: 'scoreFunction'})],
      });
      model.compile({optimizer, loss: zeroLoss});
      const y = tf.zeros([2, 2]);
      for (let i = 0; i < 2; i++) await model.trainOnBatch(pairs, y);
      const [first, second] = (await read()).map(step => Array.from(Object.values(step)[0]!));
      second!.forEach((g, i) => expect(g).toBeCloseTo(first![i]!, 6));
      // ∂/∂m = m, ∂/∂r = (s − 1/s) σ(r), for each example; through the identity kernel: Σ over examples of x·∂, averaged,
      // times the weight
      const v = [0, 1].map(r => pairValues.slice(4 * r, 4 * r + 4));
      const d = v.map(([m0, m1, r0, r1]) => [
        m0!,
        m1!,
        ...[r0!, r1!].map(r => (softplus(r) - 1 / softplus(r)) / (1 + Math.exp(-r))),
      ]);
      first!.forEach((g, i) => {
        const [row, column] = [Math.floor(i / 4), i % 4];
        expect(g)
          .withContext(`${i}`)
          .toBeCloseTo((2 * (v[0]![row]! * d[0]![column]! + v[1]![row]! * d[1]![column]!)) / 2, 4);
      });
      y.dispose();
      model.dispose();
      optimizer.dispose();
    });

    it('agrees with the closed form for Bernoulli and one-hot layers, with a prior by name', async () => {
      const p = logits.map(v => 1 / (1 + Math.exp(-v)));
      const bits = p.reduce((sum, q) => sum + q * Math.log(q / 0.3) + (1 - q) * Math.log((1 - q) / 0.7), 0) / 2;
      const rows = [logits.slice(0, 3), logits.slice(3)].map(row => {
        const total = row.reduce((a, v) => a + Math.exp(v), 0);
        return row.reduce((sum, v) => sum + (Math.exp(v) / total) * (v - Math.log(total) + Math.log(3)), 0);
      });
      const cases: Array<[stl.StochasticLayer, number]> = [
        [stl.bernoulli({prior: {name: 'Bernoulli', config: {probs: 0.3}}}), bits],
        [
          stl.oneHotCategorical({prior: {name: 'OneHotCategorical', config: {logits: [0, 0, 0]}}}),
          (rows[0]! + rows[1]!) / 2,
        ],
      ];
      for (const [layer, expected] of cases) {
        const {optimizer} = recorder();
        const kernel = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
        const model = sequential({
          layers: [layers.dense({units: 3, inputShape: [3], useBias: false, weights: [kernel]}), layer],
        });
        model.compile({optimizer, loss: zeroLoss});
        expect((await model.trainOnBatch(x, x)) as number).toBeCloseTo(expected, 4);
        kernel.dispose();
        model.dispose();
        optimizer.dispose();
      }
    });

    it('counts a shared layer once for each use', async () => {
      const {optimizer} = recorder();
      const here = input({shape: [4]});
      const shared = stl.normal({prior: standard()});
      const h = identity().apply(here) as SymbolicTensor;
      const sum = layers
        .add()
        .apply([shared.apply(h) as SymbolicTensor, shared.apply(h) as SymbolicTensor]) as SymbolicTensor;
      const model = functional({inputs: here, outputs: sum});
      model.compile({optimizer, loss: zeroLoss});
      const y = tf.zeros([2, 2]);
      for (let i = 0; i < 2; i++) expect((await model.trainOnBatch(pairs, y)) as number).toBeCloseTo(2 * exactKl(), 4);
      y.dispose();
      model.dispose();
      optimizer.dispose();
    });

    it('belongs to training and evaluation only, and to the step that it is of', async () => {
      const {optimizer} = recorder();
      const layer = stl.normal({prior: standard()});
      const model = sequential({layers: [identity(), layer]});
      model.compile({optimizer, loss: zeroLoss});
      const y = tf.zeros([2, 2]);
      const evaluated = model.evaluate(pairs, y) as tf.Scalar;
      expect((await data(evaluated))[0]).toBeCloseTo(exactKl(), 4);
      // Calls by hand, in training mode, whose losses nobody asks for.
      const other = tf.tensor2d([9, 9, 9, 9], [1, 4]);
      const kept = [layer.apply(other, training) as tf.Tensor, layer.apply(other, training) as tf.Tensor];
      const predicted = model.predict(pairs) as tf.Tensor;
      expect((await model.trainOnBatch(pairs, y)) as number).toBeCloseTo(exactKl(), 4);
      expect((await model.trainOnBatch(pairs, y)) as number).toBeCloseTo(exactKl(), 4);
      tf.dispose([evaluated, other, predicted, y, ...kept]);
      model.dispose();
      optimizer.dispose();
    });

    it('does not make memory grow where losses are never asked for', async () => {
      const layer = stl.normal({prior: standard()});
      const v = tf.tidy(() => tf.variable(tf.ones([2, 4])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const step = (): void => {
        optimizer.minimize(() => tf.sum(layer.apply(tf.clone(v), training) as tf.Tensor, -1), false, [v]);
      };
      step();
      const before = tf.memory().numTensors;
      for (let i = 0; i < 20; i++) step();
      expect(tf.memory().numTensors).toBe(before);
      // and the layer holds on to nothing of those steps
      expect(await data(layer.calculateLosses()[0]!)).toEqual([0]);
      optimizer.dispose();
      v.dispose();
    });

    it('of a layer behind another one is credited to the draws of that one, example by example', async () => {
      const warn = spyOn(console, 'warn');
      const {optimizer} = recorder();
      const model = sequential({
        layers: [
          layers.dense({units: 3, inputShape: [3]}),
          stl.bernoulli({estimator: 'scoreFunction'}),
          layers.dense({units: 4}),
          stl.normal({prior: standard()}),
        ],
      });
      model.compile({optimizer, loss: 'meanSquaredError'});
      const y = tf.zeros([2, 2]);
      await model.trainOnBatch(x, y);
      expect(warn).not.toHaveBeenCalled();
      y.dispose();
      model.dispose();
      optimizer.dispose();
    });

    it('may be named as what a cost from outside depends on', async () => {
      const w = [0.7, -0.4];
      const cost = (a: number, b: number): number => (a + 2 * b - 0.45) ** 2;
      const model = sequential({
        layers: [
          layers.dense({units: 2, inputShape: [1], useBias: false}),
          stl.bernoulli({estimator: 'enumerate'}),
          layers.reshape({targetShape: [2, 1]}),
        ],
      });
      const one = tf.ones([1, 1]);
      const kernel = model.trainableWeights[0]!.read() as tf.Variable; // of the first layer
      kernel.assign(tf.tensor2d([w]));
      const {value, grads} = st.variableGrads(() => {
        const bits = model.apply(one, {training: true}) as tf.Tensor; // tensors in, tensor out
        const total = tf.sum(tf.mul(tf.squeeze(bits, [-1]), [1, 2]), -1);
        return st.cost(tf.square(tf.sub(total, 0.45)), {dependsOn: bits});
      }, [kernel]);
      const [p, q] = w.map(v => 1 / (1 + Math.exp(-v))) as [number, number];
      const byFirst = (1 - q) * (cost(1, 0) - cost(0, 0)) + q * (cost(1, 1) - cost(0, 1));
      const bySecond = (1 - p) * (cost(0, 1) - cost(0, 0)) + p * (cost(1, 1) - cost(1, 0));
      const got = await data(grads[kernel.name]!);
      [p * (1 - p) * byFirst, q * (1 - q) * bySecond].forEach((g, i) => expect(got[i]).toBeCloseTo(g, 4));
      tf.dispose([value, grads, one]);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
