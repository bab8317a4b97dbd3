import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as functional, type LayersModel, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';
import {seeded} from './models.js';

describeBackends(
  'trainOnBatch',
  () => {
    const estimators = ['scoreFunction', 'leaveOneOut', 'enumerate', 'disarm', 'muProp'] as const;
    const x = (): tf.Tensor => tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1, -0.4, 0.3, -0.9, 0.8], [5, 2]);
    const y = (): tf.Tensor => tf.tensor2d([0, 1, 1, 0, 1], [5, 1]);
    const modelOf = (estimator: st.EstimatorName, outputs: 1 | 2, metrics: string[]): LayersModel => {
      const here = input({shape: [2]});
      const z = stl
        .bernoulli({estimator, seed: 1})
        .apply(layers.dense({units: 2, ...seeded(1)}).apply(here)) as SymbolicTensor;
      const heads = ['a', 'b']
        .slice(0, outputs)
        .map(
          (name, i) =>
            layers
              .dense({units: 1, activation: 'sigmoid', name: `${name}${outputs}${estimator}`, ...seeded(2 + i)})
              .apply(z) as SymbolicTensor,
        );
      const model = functional({inputs: here, outputs: heads});
      const loss = outputs === 1 ? 'meanSquaredError' : ['meanSquaredError', 'binaryCrossentropy'];
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0)), loss, metrics});
      return model;
    };

    for (const estimator of estimators) {
      it(`gives the loss and each metric once, as fit does, under ${estimator}`, async () => {
        for (const outputs of [1, 2] as const) {
          const model = modelOf(estimator, outputs, ['mse', 'mae']);
          const targets = outputs === 1 ? y() : [y(), y()];
          const list = (await model.trainOnBatch(x(), targets)) as number[];
          const {history} = await model.fit(x(), targets, {epochs: 1, verbose: 0});
          expect(list.length).toBe(Object.keys(history).length);
          expect(list.length).toBe(model.metricsNames.length);
          expect(list.every(Number.isFinite)).toBeTrue();
          if (outputs === 1) expect(list[1]).withContext('mse').toBeCloseTo(list[0]!, 5);
          else {
            const [loss, a, b, mse] = list;
            expect(a! + b!)
              .withContext('the losses of the outputs add up')
              .toBeCloseTo(loss!, 5);
            expect(mse).withContext('a loss and its metric').toBeCloseTo(a!, 5);
          }
          model.dispose();
        }
      });
    }

    it('gives a number where there are no metrics, and what tfjs gives of models without random layers', async () => {
      const model = modelOf('leaveOneOut', 1, []);
      expect(typeof (await model.trainOnBatch(x(), y()))).toBe('number');
      const here = input({shape: [2]});
      const plain = functional({inputs: here, outputs: layers.dense({units: 1}).apply(here) as SymbolicTensor});
      plain.compile({optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mse']});
      const [loss, mse] = (await plain.trainOnBatch(x(), y())) as number[];
      expect(mse).toBeCloseTo(loss!, 5);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
