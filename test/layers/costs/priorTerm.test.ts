import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as functional, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {recorder} from '../models.js';
import {EACH, EXACT, klNormal, onInput, onRows, ROWS, roundTrip, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'the divergence of a layer from its prior',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    onRows((rows, targets) => ([x, y] = [rows, targets]));

    it('leaves elements free below so many nats on average over the batch', async () => {
      const means = [0, 1].map(j => (EACH[0]![j]! + EACH[1]![j]!) / 2);
      const lambda = (means[0]! + means[1]!) / 2; // between the two
      const {optimizer, read} = recorder();
      const model = onInput(stl.normal({prior: STANDARD, freeBits: lambda}));
      model.compile({optimizer, loss: zeroLoss, metrics: [stl.klMetric(model)]});
      const [loss, kl] = (await model.trainOnBatch(x, y)) as number[];
      expect(loss).toBeCloseTo(Math.max(lambda, means[0]!) + Math.max(lambda, means[1]!), 4);
      expect(kl).toBeCloseTo(EXACT, 4);
      // the free element has no gradient: its location and raw scale are columns j and j + 2
      const free = means[0]! < lambda ? 0 : 1;
      const gradient = Object.values((await read())[0]!)[0]!;
      gradient.forEach((g, i) => {
        if (i % 2 === free) expect(g).toBe(0);
      });
      expect(gradient.some(g => g !== 0)).toBeTrue();
      const again = await roundTrip(model);
      expect((again.layers[1] as stl.StochasticLayer).freeBits).toBeCloseTo(lambda, 6);
      model.dispose();
      again.dispose();
      optimizer.dispose();
    });

    it('is estimated by samples where there is no closed form', async () => {
      const samples = sizeFor({cpu: 20_000, wasm: 20_000, webgl: 4000, webgpu: 4000});
      const row = tf.tensor2d([[0.5, Math.log(Math.E - 1)]]);
      const {optimizer} = recorder();
      const prior = {name: 'Logistic', config: {loc: 0, scale: 1}};
      const model = onInput(stl.normal({prior, klSamples: samples, seed: 3}), 2);
      model.compile({optimizer, loss: zeroLoss});
      const target = tf.zeros([1, 1]);
      const found = (await model.trainOnBatch(row, target)) as number;
      expect(Math.abs(found - KL_NORMAL_LOGISTIC)).toBeLessThan((4.5 * SD_NORMAL_LOGISTIC) / Math.sqrt(samples));
      tf.dispose([row, target]);
      model.dispose();
      optimizer.dispose();
    });

    it('of a layer in timeDistributed counts every step', async () => {
      const steps = 3;
      const {optimizer} = recorder();
      const here = input({shape: [steps, 4]});
      const dense = layers.dense({units: 4, useBias: false, kernelInitializer: 'identity'});
      const h = layers.timeDistributed({layer: dense}).apply(here) as SymbolicTensor;
      const out = layers.timeDistributed({layer: stl.normal({prior: STANDARD})}).apply(h) as SymbolicTensor;
      const model = functional({inputs: here, outputs: out});
      model.compile({optimizer, loss: zeroLoss, metrics: [stl.klMetric(model)]});
      const many = tf.tensor3d(
        [0, 1].flatMap(i => [1, 0.5, -1].flatMap(f => ROWS.slice(4 * i, 4 * i + 4).map(v => f * v))),
        [2, steps, 4],
      );
      const target = tf.zeros([2, steps, 2]);
      const expected =
        [0, 4]
          .flatMap(i => [1, 0.5, -1].flatMap(f => [0, 1].map(j => klNormal(f * ROWS[i + j]!, f * ROWS[i + j + 2]!))))
          .reduce((a, b) => a + b) / 2;
      for (let i = 0; i < 2; i++) {
        const [loss, kl] = (await model.trainOnBatch(many, target)) as number[];
        expect(loss).toBeCloseTo(expected, 3);
        expect(kl).toBeCloseTo(expected, 3);
      }
      const evaluated = model.evaluate(many, target) as tf.Scalar[];
      expect((await evaluated[1]!.data())[0]).toBeCloseTo(expected, 3);
      tf.dispose([many, target, ...evaluated]);
      model.dispose();
      optimizer.dispose();
    });

    it('counts once where an estimator has the model run again', async () => {
      const {optimizer} = recorder();
      const model = onInput(stl.bernoulli({estimator: 'rebar', prior: {name: 'Bernoulli', config: {probs: 0.5}}}));
      model.compile({optimizer, loss: (_, p) => tf.mean(tf.square(p), -1), metrics: [stl.klMetric(model)]});
      const target = tf.zeros([2, 4]);
      const exact =
        ROWS.map(v => {
          const p = 1 / (1 + Math.exp(-v));
          return p * Math.log(2 * p) + (1 - p) * Math.log(2 * (1 - p));
        }).reduce((a, b) => a + b) / 2;
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) {
        const [loss, kl] = (await model.trainOnBatch(x, target)) as number[];
        expect(kl).toBeCloseTo(exact, 3);
        expect(loss! - exact).toBeGreaterThanOrEqual(-1e-4);
        expect(loss! - exact).toBeLessThanOrEqual(1.0001);
      }
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 40); // the estimator's own, made once
      target.dispose();
      model.dispose();
      optimizer.dispose();
      st.disposeSharedEstimators();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

/** By quadrature: scipy.integrate.quad of q (ln q − ln p), and the standard deviation of ln q − ln p under q. */
const KL_NORMAL_LOGISTIC = 0.244512864;
const SD_NORMAL_LOGISTIC = 0.473283;
