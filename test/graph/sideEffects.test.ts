import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';

const NAMES = st.estimators.names(); // other specs may register some that are none

const estimators = (q: st.Distribution): st.Estimator[] =>
  NAMES.map(name => st.estimators.get(name)).filter(estimator => estimator.requires.accepts(q));

const data = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

describeBackends(
  'what a function does beside its costs',
  () => {
    const q = (theta: tf.Tensor): Record<string, st.Distribution> => ({
      Bernoulli: new st.Bernoulli({logits: theta}),
      Normal: new st.Normal({loc: theta, scale: 1}),
    });
    for (const family of ['Bernoulli', 'Normal']) {
      it(`is done once a step, whichever estimator serves a ${family}: variables, tensors that are kept, and what asks isRepetition`, async () => {
        for (const estimator of estimators(
          family === 'Normal' ? new st.Normal({loc: [0, 0, 0], scale: 1}) : new st.Bernoulli({logits: [0, 0, 0]}),
        )) {
          const {name} = estimator;
          const [theta, count, trainable] = tf.tidy(() => [
            tf.variable(tf.zeros([3])),
            tf.variable(tf.scalar(0), false),
            tf.variable(tf.scalar(0)),
          ]);
          const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
          const kept: tf.Tensor[] = [];
          let [runs, firsts] = [0, 0];
          const step = (): void => {
            optimizer.minimize(
              () => {
                runs++;
                if (!st.isRepetition()) firsts++;
                tf.tidy(() => [count, trainable].forEach(v => v.assign(tf.add(v, 1))));
                const {value} = new st.DistributionTensor(q(theta)[family]!, {estimator});
                const cost = tf.square(tf.sub(value, 0.3));
                kept.push(tf.keep(tf.mean(cost)));
                return cost;
              },
              false,
              [theta],
            );
          };
          step();
          const before = tf.memory().numTensors;
          step();
          step();
          expect(await data(count))
            .withContext(name)
            .toEqual([3]);
          expect(await data(trainable))
            .withContext(name)
            .toEqual([3]);
          expect(firsts).withContext(name).toBe(3);
          expect(kept.filter(t => !t.isDisposed).length)
            .withContext(name)
            .toBe(3);
          expect(tf.memory().numTensors)
            .withContext(name)
            .toBe(before + 2);
          expect(kept.length).withContext(name).toBe(runs);
          // what a repetition kept reads as what the first run of its step kept
          const read = await Promise.all(kept.map(data));
          for (let i = 0; i < runs; i++)
            expect(read[i])
              .withContext(name)
              .toEqual(read[i - (i % (runs / 3))]);
          expect(st.isRepetition()).toBeFalse();
          tf.dispose([theta, count, trainable, ...kept.filter(t => !t.isDisposed)]);
          optimizer.dispose();
          estimator.dispose?.();
        }
      });
    }

    it('is one step of the moving statistics, the metrics and the keys of a model', async () => {
      const mse = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mean(tf.square(tf.sub(y, p)), -1);
      const x = tf.ones([4, 3]);
      const y = tf.zeros([4, 2]);
      const results: number[][][] = [];
      for (const estimator of ['scoreFunction', 'muProp', 'rebar', 'measureValued']) {
        const norm = layers.batchNormalization({momentum: 0.5});
        const model = sequential({
          layers: [
            layers.dense({units: 2, inputShape: [3], kernelInitializer: 'ones'}),
            stl.bernoulli({estimator: 'scoreFunction', seed: 3}),
            norm,
            layers.dense({units: 2, kernelInitializer: 'ones'}),
            stl.bernoulli({estimator, seed: 4}),
            layers.dense({units: 2, kernelInitializer: 'ones'}),
          ],
        });
        const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
        model.compile({optimizer, loss: mse, metrics: [mse]});
        const seen: number[][] = [];
        for (let i = 0; i < 3; i++) {
          const [loss, metric] = (await model.trainOnBatch(x, y)) as number[];
          expect(metric).withContext(estimator).toBeCloseTo(loss!, 5);
          seen.push([...(await data(norm.getWeights()[2]!)), ...(await data(norm.getWeights()[3]!))]);
        }
        const before = tf.memory().numTensors;
        const {history} = await model.fit(x, y, {epochs: 2, verbose: 0});
        expect(tf.memory().numTensors).withContext(estimator).toBe(before);
        expect(history['mse']).withContext(estimator).toEqual(history['loss']);
        results.push(seen);
        model.dispose();
        optimizer.dispose();
      }
      for (const seen of results.slice(1))
        seen.forEach((row, i) => row.forEach((v, j) => expect(v).toBeCloseTo(results[0]![i]![j]!, 5)));
      expect(results[0]![0]!).not.toEqual(results[0]![1]!); // they do move
      tf.dispose([x, y]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'metrics of weighted draws',
  () => {
    it('are weighted: per-output losses and metrics of all outcomes are expectations', async () => {
      const logits = [0.3, -1.2];
      const p = logits.map(l => 1 / (1 + Math.exp(-l)));
      const mse = (y: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mean(tf.square(tf.sub(y, b)), -1);
      const ones = (_: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mean(b, -1);
      const x = tf.zeros([4, 3]);
      const y = tf.fill([4, 2], 0.2);
      const expected = {
        mse: p.reduce((sum, pi) => sum + (pi * 0.64 + (1 - pi) * 0.04) / 2, 0),
        ones: (p[0]! + p[1]!) / 2,
      };
      const model = sequential({
        layers: [
          layers.dense({units: 2, inputShape: [3], weights: [tf.zeros([3, 2]), tf.tensor1d(logits)]}),
          stl.bernoulli({estimator: 'enumerate', name: 'z'}),
        ],
      });
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      model.compile({optimizer, loss: mse, metrics: [mse, ones]});
      const result = (await model.trainOnBatch(x, y)) as number[];
      [expected.mse, expected.mse, expected.ones].forEach((e, i) => expect(result[i]).toBeCloseTo(e, 5));
      expect(result.length).toBe(3); // as without passes
      const before = tf.memory().numTensors;
      const {history} = await model.fit(x, y, {epochs: 2, verbose: 0});
      expect(tf.memory().numTensors).toBe(before);
      const [, found] = Object.entries(history).find(([name]) => name.startsWith('ones'))!; // a bundler may number it
      expect(found[1]).toBeCloseTo(expected.ones, 5);
      model.dispose();
      optimizer.dispose();
      tf.dispose([x, y]);
    });

    it('are warned of once where they are no means over draws', () => {
      const warn = spyOn(console, 'warn');
      const theta = tf.tidy(() => tf.variable(tf.zeros([2])));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      const kept: tf.Tensor[] = [];
      for (let i = 0; i < 2; i++) {
        optimizer.minimize(
          () => {
            const {value} = new st.DistributionTensor(new st.Bernoulli({logits: theta}), {
              estimator: 'enumerate',
              name: 'z',
            });
            kept.push(tf.keep(tf.max(value)));
            return tf.square(value);
          },
          false,
          [theta],
        );
      }
      expect(
        warn.calls
          .allArgs()
          .map(([text]) => text as string)
          .filter(text => text.includes('a metric downstream of node "z"')).length,
      ).toBe(1);
      tf.dispose([theta, ...kept]);
      optimizer.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
