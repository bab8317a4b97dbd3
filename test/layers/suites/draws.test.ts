/** Estimators of several samples in a layer, whatever layers, losses and metrics stand behind it. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as functional,
  sequential,
  type LayersModel,
  type Sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {seeded} from '../models.js';

type Layer = Parameters<Sequential['add']>[0];

const recurrentInitializer = 'glorotUniform'; // the default one needs methods of tensors
const dense = (): Layer => layers.dense({units: 3, ...seeded(3)});
const behind: Record<string, () => Layer[]> = {
  dense: () => [dense()],
  'reshape and flatten': () => [layers.reshape({targetShape: [2, 2]}), layers.flatten(), dense()],
  conv2d: () => [
    layers.reshape({targetShape: [2, 2, 1]}),
    layers.conv2d({filters: 2, kernelSize: 2, ...seeded(4)}),
    layers.flatten(),
    dense(),
  ],
  layerNormalization: () => [layers.layerNormalization(), dense()],
  softmax: () => [dense(), layers.softmax()],
  gru: () => [layers.reshape({targetShape: [2, 2]}), layers.gru({units: 3, recurrentInitializer, ...seeded(5)})],
  'lstm and timeDistributed': () => [
    layers.repeatVector({n: 2}),
    layers.lstm({units: 3, returnSequences: true, recurrentInitializer, ...seeded(5)}),
    layers.timeDistributed({layer: layers.dense({units: 3, ...seeded(6)})}),
    layers.globalAveragePooling1d(),
  ],
};

describeBackends(
  'several draws of a layer',
  () => {
    const x = (): tf.Tensor2D => tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1, -0.4, 0.3, -0.9, 0.8, 0.6, -0.2], [3, 4]);
    const y = (): tf.Tensor2D => tf.tensor2d([0.1, 0.9, 0.3, 0.8, 0.2, 0.5, 0.4, 0.6, 0.7], [3, 3]);
    const modelOf = (estimator: st.EstimatorName, rest: Layer[]): Sequential => {
      const model = sequential({
        layers: [
          layers.dense({units: 4, inputShape: [4], ...seeded(1)}),
          stl.bernoulli({estimator, seed: 2, name: 'z'}),
          ...rest,
        ],
      });
      model.compile({
        optimizer: st.stochasticOptimizer(tf.train.sgd(1)),
        loss: 'meanSquaredError',
        metrics: ['mse'],
      });
      return model;
    };

    for (const [name, rest] of Object.entries(behind)) {
      it(`of an estimator that takes them all train by the exact gradient behind ${name}`, async () => {
        const model = modelOf('enumerate', rest());
        const [first, , ...tail] = model.layers;
        const data = [x(), y()] as const;
        const weights = model.trainableWeights.map(w => w.read() as tf.Variable);
        const outcomes = tf.tidy(() =>
          tf.tensor2d(
            Array.from({length: 64}, (_, i) => ((i >> 2) >> (i & 3)) & 1),
            [16, 4],
          ),
        );
        /** For each example the sum over all outcomes, by one pass for each through the layers behind. */
        const byHand = tf.variableGrads(() => {
          const logits = first!.apply(data[0]) as tf.Tensor;
          const costs = tf.unstack(outcomes).map(b => {
            const p = tf.prod(tf.sigmoid(tf.mul(logits, tf.sub(tf.mul(b, 2), 1))), 1);
            const out = tail.reduce<tf.Tensor>(
              (h, layer) => layer.apply(h, {training: true}) as tf.Tensor,
              tf.tile(tf.expandDims(b, 0), [3, 1]),
            );
            return tf.mul(p, tf.mean(tf.square(tf.sub(out, data[1])), -1));
          });
          return tf.mean<tf.Scalar>(tf.addN(costs));
        }, weights);
        const before = await Promise.all(weights.map(w => w.data()));
        const [loss, metric] = (await model.trainOnBatch(...data)) as number[];
        expect(loss).toBeCloseTo((await byHand.value.data())[0]!, 4);
        expect(metric).toBeCloseTo(loss!, 4);
        for (const [i, w] of weights.entries()) {
          const [now, gradient] = [await w.data(), await byHand.grads[w.name]!.data()];
          now.forEach((v, j) =>
            expect(before[i]![j]! - v)
              .withContext(w.name)
              .toBeCloseTo(gradient[j]!, 4),
          );
        }
        tf.dispose([...data, outcomes, byHand]);
        model.dispose();
      });

      it(`serve every estimator of several behind ${name}, and leave no tensor behind`, async () => {
        for (const estimator of ['leaveOneOut', 'disarm', 'arms', 'doubleCv', 'vimco'] as const) {
          const model = modelOf(estimator, rest());
          const data = [x(), y()] as const;
          await model.trainOnBatch(...data);
          const before = tf.memory().numTensors;
          const {history} = await model.fit(...data, {epochs: 2, verbose: 0});
          expect(tf.memory().numTensors).withContext(estimator).toBe(before);
          expect(Object.keys(history)).toEqual(['loss', 'mse']);
          expect(Object.values(history).flat().every(Number.isFinite)).withContext(estimator).toBeTrue();
          tf.dispose([...data]);
          model.dispose();
        }
      });
    }

    it('train by the exact gradient of costs of several ranks, those of outputs and a number of the batch', async () => {
      spyOn(console, 'warn'); // of a penalty on the batch
      class Penalty extends layers.Layer {
        static className = 'PenaltyOfDraws';
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          const [x] = [inputs].flat() as [tf.Tensor];
          st.extension.addCost(
            this,
            tf.tidy(() => tf.mean(tf.square(tf.add(x, 0.3)))),
          );
          return tf.clone(x);
        }
      }
      for (const n of [1, 3]) {
        const of = (units: number): layers.Layer => layers.dense({units, ...seeded(units)});
        const [encoder, first, second] = [of(3), of(1), of(2)];
        const estimate = (estimator: 'enumerate' | 'leaveOneOut', more: boolean): LayersModel => {
          const inputs = input({shape: [4]});
          const z = stl.bernoulli({estimator, seed: 2}).apply(encoder.apply(inputs)) as SymbolicTensor;
          const w = (more ? new Penalty({}).apply(z) : z) as SymbolicTensor;
          const model = functional({inputs, outputs: [first.apply(w), second.apply(w)] as SymbolicTensor[]});
          model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(1)), loss: 'meanSquaredError'});
          return model;
        };
        const data = tf.tidy(() => [tf.slice(x(), 0, n), tf.fill([n, 1], 0.4), tf.fill([n, 2], -0.2)] as const);
        const outcomes = Array.from({length: 8}, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1]);
        const model = estimate('enumerate', n === 1); // a number of several examples couples them
        const weights = model.trainableWeights.map(weight => weight.read() as tf.Variable);
        const byHand = tf.variableGrads(() => {
          const logits = encoder.apply(data[0]) as tf.Tensor;
          const costs = outcomes.map(b => {
            const p = tf.prod(tf.sigmoid(tf.mul(logits, tf.sub(tf.mul(b, 2), 1))), 1);
            const z = tf.tile(tf.tensor2d([b]), [n, 1]);
            const errors = [first, second].map((head, i) =>
              tf.mean(tf.square(tf.sub(head.apply(z) as tf.Tensor, data[i + 1]!)), -1),
            );
            return tf.mul(p, tf.addN([...errors, ...(n === 1 ? [tf.mean(tf.square(tf.add(z, 0.3)), -1)] : [])]));
          });
          return tf.mean<tf.Scalar>(tf.addN(costs));
        }, weights);
        const before = await Promise.all(weights.map(weight => weight.data()));
        await model.trainOnBatch(data[0], [data[1], data[2]]);
        for (const [i, weight] of weights.entries()) {
          const [now, gradient] = [await weight.data(), await byHand.grads[weight.name]!.data()];
          now.forEach((v, j) => expect(before[i]![j]! - v).toBeCloseTo(gradient[j]!, 4));
        }
        const other = estimate('leaveOneOut', true);
        await other.trainOnBatch(data[0], [data[1], data[2]]);
        tf.dispose([...data, byHand]);
      }
    });

    it('are in one run, in front of the batch, where a layer is told so, and then equal those in turn', async () => {
      const weightsAfter = async (sampleAxis: boolean): Promise<number[]> => {
        const model = sequential({
          layers: [
            layers.dense({units: 4, inputShape: [4], ...seeded(1)}),
            stl.bernoulli({estimator: 'leaveOneOut', sampleAxis, seed: 2, name: 'z'}),
            layers.dense({units: 3, ...seeded(3)}),
          ],
        });
        const loss = sampleAxis ? stl.perSample('meanSquaredError') : 'meanSquaredError';
        model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(1)), loss});
        const data = [x(), y()] as const;
        await model.trainOnBatch(...data);
        const found = await Promise.all(model.getWeights().map(w => w.data()));
        tf.dispose([...data]);
        model.dispose();
        return found.flatMap(list => Array.from(list as Float32Array));
      };
      const inTurn = await weightsAfter(false);
      (await weightsAfter(true)).forEach((v, i) => expect(inTurn[i]).toBeCloseTo(v, 5));
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
