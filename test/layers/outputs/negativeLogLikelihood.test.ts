import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as functional,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, itInNode} from '../../helpers/backends.js';
import {recorder, seeded} from '../models.js';

const X = [
  [0.5, -1, 2],
  [1, 0.3, -0.2],
  [0, 0.7, 0.4],
  [-1, 0.2, 0.9],
];
const Y = [
  [0.3, -0.4],
  [1.2, 0.8],
  [-0.6, 0],
  [0.1, 2],
];
const nll = stl.negativeLogLikelihood;

const numbers = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

/** ln of the normal density. */
const logNormal = (y: number, m: number, s: number): number =>
  -0.5 * ((y - m) / s) ** 2 - Math.log(s) - 0.5 * Math.log(2 * Math.PI);

describeBackends(
  'the negative log-likelihood',
  () => {
    let [x, y]: tf.Tensor[] = [];
    beforeAll(() => {
      [x, y] = [tf.tensor2d(X), tf.tensor2d(Y)];
    });
    afterAll(() => tf.dispose([x!, y!]));

    const gaussian = (args: stl.StochasticLayerArgs = {}): LayersModel =>
      sequential({
        layers: [
          layers.dense({units: 4, inputShape: [3], ...seeded(1)}),
          stl.normal({output: 'distribution', ...args}),
        ],
      });

    itInNode(
      'takes targets without a last axis of 1 in fit, of outputs of any rank, and judges others in its own words',
      async () => {
        const [steps, features] = [2, 3];
        const classes = (): LayersModel =>
          sequential({
            layers: [
              layers.dense({units: 3, inputShape: [steps, features], ...seeded(1)}),
              stl.categorical({classes: 3, output: 'distribution', inference: 'mode', name: 'classes'}),
            ],
          });
        const inputs = tf.reshape(tf.linspace(-1, 1, 4 * steps * features), [4, steps, features]);
        const indices = tf.tensor2d([0, 1, 2, 0, 1, 1, 2, 2], [4, steps]);
        const column = tf.tidy(() => tf.expandDims(indices, -1));
        for (const lossOf of [
          () => ({loss: nll, metrics: [nll]}),
          (model: LayersModel) => ({loss: {[model.layers[1]!.name]: nll}, metrics: [nll]}),
          (model: LayersModel) => stl.withCosts(nll, model),
          () => ({loss: stl.sumOver(nll), metrics: [stl.perSample(nll)]}),
        ]) {
          const model = classes();
          const {optimizer} = recorder();
          model.compile({optimizer, ...lossOf(model)});
          const losses: number[] = [];
          for (const targets of [column, indices]) {
            const {history} = await model.fit(inputs, targets, {
              epochs: 1,
              batchSize: 2,
              verbose: 0,
              shuffle: false,
              validationSplit: 0.5,
            });
            losses.push(...['loss', 'val_loss'].map(name => history[name]![0] as number));
          }
          expect(losses.slice(2)).toEqual(losses.slice(0, 2));
          for (const wrong of [[4], [4, steps + 1], [4, steps, 2], [4, steps, 1, 1]]) {
            const targets = tf.ones(wrong);
            await expectAsync(model.trainOnBatch(inputs, targets))
              .withContext(wrong.join())
              .toBeRejectedWithError(
                /stl.negativeLogLikelihood: the targets must have the shape \[4,2,1\] of what stl layer "classes" gives out, got .*\[4,/,
              );
            targets.dispose();
          }
          model.dispose();
          optimizer.dispose();
        }
        tf.dispose([inputs, indices, column]);
      },
    );

    it('says what to write in place of a distribution in timeDistributed', () => {
      const model = sequential({
        layers: [layers.timeDistributed({layer: stl.normal({output: 'distribution'}), inputShape: [3, 4]})],
      });
      const {optimizer} = recorder();
      model.compile({optimizer, loss: nll});
      const [inputs, targets] = [tf.ones([2, 3, 4]), tf.ones([2, 3, 2])];
      const says =
        /with nothing behind that layer and nothing around it \(in place of timeDistributed\({layer}\) take the layer itself/;
      expect(() => model.evaluate(inputs, targets)).toThrowError(says);
      expect(() => stl.distributionOf(model, inputs)).toThrowError(says);
      const direct = sequential({layers: [stl.normal({output: 'distribution', inputShape: [3, 4]})]});
      const d = stl.distributionOf(direct, inputs);
      expect(d.eventShape).toEqual([3, 2]);
      tf.dispose([inputs, targets, d.tensors()]);
      for (const one of [model, direct]) one.dispose();
      optimizer.dispose();
    });

    it('is −ln p of each example, summed over the event, in training and in evaluation', async () => {
      const model = gaussian();
      const {optimizer} = recorder();
      model.compile({optimizer, loss: nll, metrics: [nll]});
      const dense = (model.layers[0]!.apply(x!) as tf.Tensor).arraySync() as number[][];
      const each = dense.map(
        ([m0, m1, r0, r1], i) =>
          -logNormal(Y[i]![0]!, m0!, Math.log1p(Math.exp(r0!))) - logNormal(Y[i]![1]!, m1!, Math.log1p(Math.exp(r1!))),
      );
      const mean = each.reduce((a, b) => a + b) / 4;
      const got = await numbers(
        tf.tidy(() => {
          const loss = nll(y!, model.apply(x!, {training: true}) as tf.Tensor);
          expect(loss.shape).toEqual([4]);
          return loss;
        }),
      );
      got.forEach((l, i) => expect(l).toBeCloseTo(each[i]!, 4));
      const {history} = await model.fit(x!, y!, {epochs: 1, batchSize: 4, validationData: [x!, y!], verbose: 0});
      for (const name of ['loss', 'negativeLogLikelihood', 'val_loss'])
        expect(history[name]![0] as number)
          .withContext(name)
          .toBeCloseTo(mean, 4);
      const [evaluated] = model.evaluate(x!, y!, {batchSize: 2}) as tf.Scalar[];
      expect((await evaluated!.data())[0]).toBeCloseTo(mean, 4);
      model.dispose();
      optimizer.dispose();
    });

    it('has the gradient of the same model by hand', async () => {
      for (const inference of ['mean', 'mode', 'sample', 'stddev'] as const) {
        const model = gaussian({inference, seed: 3});
        const {optimizer, read} = recorder();
        model.compile({optimizer, loss: nll});
        await model.trainOnBatch(x!, y!);
        const [step] = await read();
        const [kernel, bias] = model.trainableWeights.map(w => w.read() as tf.Variable);
        const {grads} = st.variableGrads(() => {
          const [loc, raw] = tf.split(tf.add(tf.matMul(x!, kernel!), bias!), 2, -1);
          return tf.neg(st.independent(new st.Normal({loc: loc!, scale: tf.softplus(raw!)})).logProb(y!));
        }, [kernel!, bias!]);
        for (const variable of [kernel!, bias!]) {
          const exact = await grads[variable.name]!.data();
          step![variable.name]!.forEach((g, i) => expect(g).withContext(inference).toBeCloseTo(exact[i]!, 5));
        }
        tf.dispose(grads);
        model.dispose();
        optimizer.dispose();
      }
    });

    itInNode('trains through random layers in front, as by hand with the same keys', async () => {
      const model = sequential({
        layers: [
          layers.dense({units: 3, inputShape: [3], ...seeded(4)}),
          stl.bernoulli({estimator: 'scoreFunction', seed: 5, name: 'code'}),
          layers.dense({units: 4, ...seeded(6)}),
          stl.normal({output: 'distribution'}),
        ],
      });
      const {optimizer, read} = recorder();
      model.compile({optimizer, loss: nll});
      await model.trainOnBatch(x!, y!);
      const [step] = await read();
      const weights = model.trainableWeights.map(w => w.read() as tf.Variable);
      const [k1, b1, k2, b2] = weights;
      const {grads} = st.variableGrads(() => {
        const logits = tf.add(tf.matMul(x!, k1!), b1!);
        const key = st.random.foldIn(st.random.key(5), 0);
        const z = new st.DistributionTensor(st.independent(new st.Bernoulli({logits})), {
          estimator: 'scoreFunction',
          key,
        });
        const [loc, raw] = tf.split(tf.add(tf.matMul(z.value, k2!), b2!), 2, -1);
        return tf.neg(st.independent(new st.Normal({loc: loc!, scale: tf.softplus(raw!)})).logProb(y!));
      }, weights);
      for (const {name} of weights) {
        const exact = await grads[name]!.data();
        step![name]!.forEach((g, i) => expect(g).withContext(name).toBeCloseTo(exact[i]!, 5));
      }
      expect(Math.max(...step![k1!.name]!.map(Math.abs))).toBeGreaterThan(0.01);
      tf.dispose(grads);
      model.dispose();
      optimizer.dispose();
    });

    itInNode(
      'serves models inside models, and several outputs, in fit, evaluation and prediction, without a leak',
      async () => {
        const decoder = sequential({
          layers: [layers.dense({units: 4, inputShape: [3], ...seeded(7)}), stl.normal({output: 'distribution'})],
        });
        const outer = input({shape: [3]});
        const hidden = layers.dense({units: 3, ...seeded(8)}).apply(outer) as SymbolicTensor;
        const [a, b] = [
          decoder.apply(hidden),
          stl.bernoulli({output: 'distribution'}).apply(hidden),
        ] as SymbolicTensor[];
        const model = functional({inputs: outer, outputs: [a!, b!]});
        const optimizer = st.stochasticOptimizer(tf.train.adam(0.01));
        model.compile({optimizer, loss: [nll, nll], metrics: [nll]});
        const bits = tf.tidy(() => tf.cast(tf.greater(x!, 0), 'int32'));
        const visit = async (): Promise<number[]> => {
          const {history} = await model.fit(x!, [y!, bits], {epochs: 2, batchSize: 2, verbose: 0, yieldEvery: 'never'});
          const scalars = model.evaluate(x!, [y!, bits], {batchSize: 3}) as tf.Scalar[];
          const predicted = model.predict(x!, {batchSize: 1}) as tf.Tensor[];
          expect(predicted.map(p => p.shape)).toEqual([
            [4, 2],
            [4, 3],
          ]);
          tf.dispose([...scalars, ...predicted]);
          return history['loss'] as number[];
        };
        await visit();
        const before = tf.memory().numTensors;
        const losses = [...(await visit()), ...(await visit())];
        expect(tf.memory().numTensors).toBe(before);
        expect(losses.every(Number.isFinite)).toBeTrue();
        expect(losses.at(-1)!).toBeLessThan(losses[0]!);
        expect(() => stl.distributionOf(model, x!)).toThrowError(
          `stl.distributionOf: more outputs than one are distributions: give {output}, one of ${model.outputNames.join(', ')}`,
        );
        tf.tidy(() => {
          expect(stl.distributionOf(model, x!, {output: 0}).eventShape).toEqual([2]);
          expect(stl.distributionOf(model, x!, {output: model.outputNames[1]!}).eventShape).toEqual([3]);
        });
        bits.dispose();
        model.dispose();
        optimizer.dispose();
      },
    );

    itInNode('takes class weights, and tfjs’s own optimizers', async () => {
      const model = sequential({
        layers: [
          layers.dense({units: 3, inputShape: [3], ...seeded(1)}),
          stl.oneHotCategorical({output: 'distribution'}),
        ],
      });
      model.compile({optimizer: tf.train.sgd(0), loss: nll, metrics: ['accuracy']});
      const classes = [0, 2, 1, 1];
      const oneHot = tf.tidy(() => tf.cast(tf.oneHot(classes, 3), 'float32'));
      const weights = [1, 2, 0.5];
      const {history} = await model.fit(x!, oneHot, {
        epochs: 1,
        batchSize: 4,
        verbose: 0,
        classWeight: {0: weights[0]!, 1: weights[1]!, 2: weights[2]!},
      });
      const logits = (model.layers[0]!.apply(x!) as tf.Tensor).arraySync() as number[][];
      const exact = logits.map((row, i) => {
        const c = classes[i]!;
        return weights[c]! * (Math.log(row.reduce((sum, l) => sum + Math.exp(l), 0)) - row[c]!);
      });
      expect(history['loss']![0] as number).toBeCloseTo(exact.reduce((p, q) => p + q) / 4, 4);
      oneHot.dispose();
      model.dispose();
    });

    it('refuses what no layer gave out, what is gone, and targets of another shape', () => {
      const layer = stl.normal({output: 'distribution', name: 'out'});
      const raw = tf.ones([3, 6]);
      const value = layer.apply(raw) as tf.Tensor;
      expect(() => nll(raw, raw)).toThrowError(
        "stl.negativeLogLikelihood: the prediction must be what a layer with output: 'distribution' gave out, with nothing behind that layer and nothing around it (in place of timeDistributed({layer}) take the layer itself, whose input may be [batch, time, …]), got a float32 tensor of shape [3,6]",
      );
      expect(() => nll(value, value)).toThrowError(
        'stl.negativeLogLikelihood: the distribution of stl layer "out" ended with the tf.tidy in which the model was applied; take the loss in that tidy, or ask stl.distributionOf(model, x) for it',
      );
      tf.tidy(() => {
        const wide = layer.apply(raw) as tf.Tensor;
        expect(nll(tf.ones([3, 3]), wide).shape).toEqual([3]);
        for (const shape of [[3], [1, 3], [3, 1], [2, 3], [3, 3, 1], []])
          expect(() => nll(tf.ones(shape), wide))
            .withContext(shape.join())
            .toThrowError(
              /^stl\.negativeLogLikelihood: the targets must have the shape \[3,3\] of what stl layer "out" gives out, got /,
            );
        const narrow = layer.apply(tf.ones([3, 2])) as tf.Tensor;
        expect(nll(tf.ones([3]), narrow).shape).toEqual([3]);
        // @ts-expect-error: no tensor
        expect(() => nll([1, 2], narrow)).toThrowError(/the targets must be a tensor of real numbers/);
      });
      tf.dispose([raw, value]);
    });

    it('is the only loss through modes and samples: others are refused', async () => {
      for (const inference of ['mode', 'sample'] as const) {
        const model = gaussian({inference, name: 'out'});
        model.compile({optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError'});
        await expectAsync(model.trainOnBatch(x!, y!)).toBeRejectedWithError(
          /^stl layer "out": gives out a mode or a sample/,
        );
        model.dispose();
      }
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);
