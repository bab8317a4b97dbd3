import * as tf from '@tensorflow/tfjs-core';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder} from '../models.js';
import {EXACT, onInput, randomLayer, roundTrip, ROWS, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'the number of examples as a weight',
  () => {
    let x: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      x = tf.tensor2d(ROWS, [2, 4]);
      y = tf.zeros([2, 2]);
    });
    afterAll(() => tf.dispose([x, y]));

    it("'perExample' divides by what fit is given, and says what is missing where nobody told", async () => {
      const model = onInput(stl.normal({prior: STANDARD, klWeight: 'perExample', name: 'weights'}));
      const {optimizer} = recorder();
      model.compile({optimizer, loss: zeroLoss});
      await expectAsync(model.trainOnBatch(x, y)).toBeRejectedWithError(
        /stl layer "weights": klWeight 'perExample' divides by the number of training examples.*countExamples/,
      );
      const [many, targets] = tf.tidy(() => [tf.tile(x, [5, 1]), tf.tile(y, [5, 1])] as const);
      const {history} = await model.fit(many, targets, {
        batchSize: 4,
        epochs: 1,
        validationSplit: 0.2,
        verbose: 0,
        callbacks: stl.countExamples(),
      });
      expect(history['loss']![0] as number).toBeCloseTo(EXACT / 8, 4);
      const again = await roundTrip(model);
      expect(randomLayer(again).klWeight).toBe('perExample');
      tf.dispose([many, targets]);
      model.dispose();
      again.dispose();
      optimizer.dispose();
    });

    it('is not known of a dataset, which is said', async () => {
      const {optimizer} = recorder();
      const model = onInput(stl.normal({prior: STANDARD, klWeight: 'perExample', name: 'a'}));
      model.compile({optimizer, loss: zeroLoss});
      const batches = [{value: {xs: x, ys: y}, done: false}];
      const dataset = {iterator: () => Promise.resolve({next: () => Promise.resolve(batches.shift())})};
      const fit = model.fitDataset(dataset as unknown as Parameters<typeof model.fitDataset>[0], {
        epochs: 1,
        batchesPerEpoch: 1,
        verbose: 0,
        callbacks: stl.countExamples(),
      });
      await expectAsync(fit).toBeRejectedWithError(
        /stl.countExamples: layer "a": fitDataset does not know how many.*perExample: n/,
      );
      model.dispose();
      optimizer.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
